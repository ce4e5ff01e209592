-- title: Bytes over time
-- question: When is how much traffic, in and out?
-- param: seconds integer 3600 — length of an interval
-- limits: NSG v1 logs have no counters.

select
  bucket(time, coalesce(getvariable('seconds'), 3600)) as interval_start,
  direction,
  count(*) filter (where is_new) as new_flows,
  count(*) filter (where decision = 'Deny') as refused,
  sum(bytes_sent) as bytes_sent,
  sum(bytes_received) as bytes_received
from named_tuples
group by bucket(time, coalesce(getvariable('seconds'), 3600)), direction
order by interval_start, direction;
