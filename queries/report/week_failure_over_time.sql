-- title: Failure share over time
-- question: What share of a client's new connections to a service was refused, interval by interval?
-- param: seconds integer 3600 — length of an interval
-- limits: Without the inventory's frontends every inbound destination is listed.

with connections as (
  select bucket(time, coalesce(getvariable('seconds'), 3600)) as interval_start, service, client, src_port, bool_or(decision = 'Deny') as is_refused
  from service_arrivals
  group by bucket(time, coalesce(getvariable('seconds'), 3600)), service, client, src_port
)
select
  service,
  client,
  interval_start,
  count(*) as connections,
  count(*) filter (where is_refused) as refused
from connections
group by service, client, interval_start
order by service, client, interval_start;
