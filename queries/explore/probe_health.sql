-- title: Probe health per node
-- question: In which minutes was the load balancer's probe let in, refused or missing at each node?
-- param: seconds integer 300 — length of an interval
-- limits: An allowed probe can still be answered with an error; only the connection is in the log.

select
  bucket(time, coalesce(getvariable('seconds'), 300)) as interval_start,
  coalesce(nic_node, mac) as node,
  dst_port as probe_port,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  min(nsg) filter (where decision = 'Deny') as nsg,
  min(rule_name) filter (where decision = 'Deny') as rule
from named_tuples
where is_new and from_probe and protocol = 6
group by bucket(time, coalesce(getvariable('seconds'), 300)), coalesce(nic_node, mac), dst_port
order by interval_start, node, probe_port;
