-- title: Failure share over time
-- question: What share of each client's new connections to a service was refused, interval by interval?
-- param: seconds integer 300 — length of an interval
-- param: min_connections integer 5 — fewer in an interval are not listed
-- limits: Only refusals are seen: a connection that is let in and answered with an error counts as good.
-- limits: Without the inventory's frontends every inbound destination is listed.

with connections as (
  select bucket(time, coalesce(getvariable('seconds'), 300)) as interval_start, service, client, src_port, bool_or(decision = 'Deny') as is_refused
  from service_arrivals
  group by bucket(time, coalesce(getvariable('seconds'), 300)), service, client, src_port
)
select
  interval_start,
  service,
  client,
  count(*) as connections,
  count(*) filter (where is_refused) as refused,
  round_to(count(*) filter (where is_refused) / count(*), 4) as failure_share,
  round_to(wilson_low(count(*) filter (where is_refused), count(*)), 4) as low,
  round_to(wilson_high(count(*) filter (where is_refused), count(*)), 4) as high
from connections
group by interval_start, service, client
having count(*) >= coalesce(getvariable('min_connections'), 5)
order by service, client, interval_start;
