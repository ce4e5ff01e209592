-- title: Refused connections per service and client
-- question: What share of each client's new connections to a service was refused?
-- limits: Only refusals are seen: a connection that is let in and answered with an error counts as good.
-- limits: Without the inventory's frontends every inbound destination is listed.

with connections as (
  select
    service,
    client,
    src_port,
    bucket(time, 300) as around,
    bool_or(decision = 'Deny') as is_refused,
    min(time) filter (where decision = 'Deny') as first_refused,
    max(time) filter (where decision = 'Deny') as last_refused
  from service_arrivals
  group by service, client, src_port, bucket(time, 300)
)
select
  service,
  client,
  count(*) as connections,
  count(*) filter (where is_refused) as refused,
  count(*) filter (where is_refused) / count(*) as failure_share,
  min(first_refused) as first_refused,
  max(last_refused) as last_refused
from connections
group by service, client
order by refused desc, connections desc, service, client;
