-- title: Probe health per node
-- question: Was the load balancer's probe let in at each node, and which rule refused it?
-- limits: An allowed probe can still be answered with an error; only the connection is in the log.

select
  coalesce(nic_node, mac) as node,
  dst_port as probe_port,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  min(time) filter (where decision = 'Deny') as first_refused,
  max(time) filter (where decision = 'Deny') as last_refused,
  min(nsg) filter (where decision = 'Deny') as nsg,
  min(rule_name) filter (where decision = 'Deny') as rule
from named_tuples
where is_new and from_probe and protocol = 6
group by coalesce(nic_node, mac), dst_port
order by refused desc, node, probe_port;
