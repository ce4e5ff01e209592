-- title: Ports in use per node
-- question: Which ports of which node take connections, from how many sources?
-- limits: Only what was used in the window; an open port that nobody used is not in a flow log.

select
  coalesce(nic_node, nic_name, dst_ip) as node,
  min(nic_role) as role,
  protocol,
  dst_port as port,
  count(*) as connections,
  count(distinct src_ip) as sources,
  sorted_set(coalesce(src_role, src_kind)) as source_kinds,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where is_new and direction = 'Inbound' and decision = 'Allow' and dst_port is not null
group by coalesce(nic_node, nic_name, dst_ip), protocol, dst_port
order by node, protocol, port;
