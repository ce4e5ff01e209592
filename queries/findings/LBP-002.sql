-- title: Forwarded probes and requests denied on the way to the pod
-- question: Which NSG rule refuses the second hop from a node to an ingress pod on another node (Cluster mode)?
-- severity: high
-- confidence: high
-- inputs: nodes, services, endpoints, backends, nsgs?, nics?, addresses
-- param: min_denied integer 2 — refused second hops before it is reported
-- false positives: a pod that moved while the inventory was older than the move; Local mode, where nothing is forwarded (see LAT-001)
-- explanation: In Cluster mode every node hands probes and requests for {service} to one of its pods with the node's own address. {nsg}/{rule} refuses {sources} on the way to {destinations} port {port} ({count} times), so {cut_off_count} of {backend_count} backends look unhealthy or lose what they forward.
-- fix: On {nsg}, add an {direction} Allow: source all node subnets of the cluster (that of the pods' own nodes included), destination the pods ({text_destination}), TCP port {port}, with a priority below that of {rule}. Apply it together with the rule that admits the clients on every backend subnet (LBC-001), never alone: nodes that come back into service while they refuse clients make requests fail. Alternative: externalTrafficPolicy Local.
-- limits: Whether one refused connection was a forwarded probe or a forwarded request cannot be told from its row: both carry the node's address.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, src_node, dst_ip, dst_port, protocol, nsg, rule_name, blob, record_index, tuple_index from second_hops where hop_service = {service} and service_port = {service_port} and direction = {direction} and decision = 'Deny' and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and src_node in {nodes} and dst_ip in {destinations} and time between {first_seen} and {last_seen}

with hops as (
  select *
  from second_hops h
  where h.decision = 'Deny'
    and h.service_type = 'LoadBalancer'
    and coalesce(h.traffic_policy, 'Cluster') = 'Cluster'
    and h.in_backend
), refused as (
  -- Between nodes that both run pods of the service it is LBP-003.
  select
    hop_service as service,
    service_port,
    nsg,
    rule_name as rule,
    direction,
    dst_port as port,
    any_value(shared_probe) as shared_probe,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) as count,
    sorted_set(src_node) as nodes,
    sorted_set(src_ip) as sources,
    sorted_set(coalesce(src_pool, src_node)) as source_pools,
    sorted_set(dst_ip) as destinations,
    sorted_set(endpoint_pod) as pods,
    sorted_set(endpoint_node) as endpoint_nodes,
    bool_or(dst_kind = 'pod' or dst_kind = 'pod_unknown') as to_pod_address
  from hops h
  where not exists (
    select 1 from endpoints o
    where o.service = h.hop_service and o.port = h.service_port and o.node = h.src_node and o.ready
      and h.time >= o.valid_from and h.time < o.valid_to
  )
  group by hop_service, service_port, nsg, rule_name, direction, dst_port
  having count(*) >= coalesce(getvariable('min_denied'), 2)
), sizes as (
  select r.service, r.service_port, r.nsg, r.rule, r.direction, count(distinct b.node) as backend_count
  from refused r
  join backends b on b.service = r.service and r.last_seen >= b.valid_from and r.last_seen < b.valid_to
  group by r.service, r.service_port, r.nsg, r.rule, r.direction
), cut_off as (
  select r.service, r.service_port, r.nsg, r.rule, r.direction, count(distinct h.src_node) as nodes
  from refused r
  join hops h on h.hop_service = r.service and h.service_port = r.service_port and h.time between r.first_seen and r.last_seen
  group by r.service, r.service_port, r.nsg, r.rule, r.direction
), clients as (
  -- Do clients still arrive at the nodes that cannot forward?
  select r.service, r.service_port, r.nsg, r.rule, r.direction, count(*) as arrivals
  from refused r
  join client_flows c on c.service = r.service and c.dst_port = r.service_port and c.decision = 'Allow'
    and list_contains(r.nodes, c.nic_node) and c.time between r.first_seen and r.last_seen
  group by r.service, r.service_port, r.nsg, r.rule, r.direction
)
select
  r.service || ':' || r.service_port || ' from ' || array_to_string(r.source_pools, ', ') || ' at ' || coalesce(r.nsg, 'unknown NSG') || '/' || coalesce(r.rule, 'unknown rule') as subject,
  r.first_seen,
  r.last_seen,
  r.count,
  case when coalesce(c.arrivals, 0) > 0 then 'high' else 'medium' end as severity,
  'high' as confidence,
  r.service as service,
  list_extract(r.sources, 1) as source,
  list_extract(r.nodes, 1) as source_node,
  list_extract(r.destinations, 1) as destination,
  r.nodes as nodes,
  r.nsg as nsg,
  r.rule as rule,
  r.port,
  r.sources,
  r.source_pools,
  r.destinations,
  r.pods,
  r.endpoint_nodes,
  r.service_port as service_port,
  r.direction as direction,
  coalesce(x.nodes, len(r.nodes)) as cut_off_count,
  s.backend_count,
  coalesce(c.arrivals, 0) as client_connections_at_these_nodes,
  case when r.to_pod_address then 'the pod CIDR, or their subnet when pods have addresses of the VNet' else 'their addresses' end as text_destination
from refused r
left join sizes s on s.service = r.service and s.service_port = r.service_port and s.nsg is not distinct from r.nsg and s.rule is not distinct from r.rule and s.direction = r.direction
left join cut_off x on x.service = r.service and x.service_port = r.service_port and x.nsg is not distinct from r.nsg and x.rule is not distinct from r.rule and x.direction = r.direction
left join clients c on c.service = r.service and c.service_port = r.service_port and c.nsg is not distinct from r.nsg and c.rule is not distinct from r.rule and c.direction = r.direction
order by subject;
