-- title: Second hops
-- question: Which nodes hand connections to a Service's pods on other nodes, and is that allowed?
-- limits: Needs nodes, services and endpoints in the inventory; without them it returns nothing.
-- limits: A second hop to a pod on the same node never reaches a network interface.

select
  hop_service as service,
  service_type,
  traffic_policy,
  src_node as from_node,
  src_pool as from_pool,
  endpoint_node as to_node,
  endpoint_pod as pod,
  dst_port as port,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  min(nsg) filter (where decision = 'Deny') as nsg,
  min(rule_name) filter (where decision = 'Deny') as rule,
  min(time) as first_seen,
  max(time) as last_seen
from second_hops
group by hop_service, service_type, traffic_policy, src_node, src_pool, endpoint_node, endpoint_pod, dst_port
order by hop_service, from_node, to_node, pod, port, service_type, traffic_policy, from_pool;
