-- title: Probes over time
-- question: In which intervals did the load balancer hold each node for healthy, flapping or dead, at the worst of its Services?
-- param: seconds integer 3600 — length of an interval

select
  node,
  bucket(minute, coalesce(getvariable('seconds'), 3600)) as interval_start,
  count(*) filter (where state = 'healthy') as healthy,
  count(*) filter (where state = 'flapping') as flapping,
  count(*) filter (where state = 'unhealthy') as unhealthy,
  count(*) filter (where state = 'no pod here') as without_pod
from node_health
group by node, bucket(minute, coalesce(getvariable('seconds'), 3600))
order by node, interval_start;
