-- title: Probes over time
-- question: In which intervals was the load balancer's probe let in, refused or missing at each node?
-- param: seconds integer 3600 — length of an interval

select
  coalesce(nic_node, mac) as node,
  bucket(time, coalesce(getvariable('seconds'), 3600)) as interval_start,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused
from named_tuples
where is_new and from_probe and protocol = 6
group by coalesce(nic_node, mac), bucket(time, coalesce(getvariable('seconds'), 3600))
order by node, interval_start;
