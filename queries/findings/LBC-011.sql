-- title: Shared probe mode hides a broken second hop
-- question: Which nodes stay healthy for the load balancer although they cannot reach any pod of the service?
-- severity: critical
-- confidence: high
-- inputs: nodes, services, endpoints, backends, nsgs?, nics?, addresses
-- param: min_denied integer 2 — refused second hops before it is reported
-- false positives: pods that moved while the inventory was older than the move
-- explanation: The load balancer probes kube-proxy only (shared probe mode), so {nodes} stay green although {nsg}/{rule} keeps them from the pods of {service}: {client_connections} client connections arrived there meanwhile, and about {expected_failure_share:percent} of all connections fail for good. Azure's health view shows nothing.
-- fix: On {nsg}, add an {direction} Allow: source all node subnets of the cluster, destination the pods, TCP port {port}, with a priority below that of {rule} (as for LBP-002, together with the clients' rule of LBC-001).
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, src_node, dst_ip, dst_port, protocol, nsg, rule_name, blob, record_index, tuple_index from second_hops where hop_service = {service} and service_port = {service_port} and direction = {direction} and decision = 'Deny' and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and src_node in {nodes} and time between {first_seen} and {last_seen}

with refused as (
  select
    hop_service as service,
    service_port,
    nsg,
    rule_name as rule,
    direction,
    dst_port as port,
    src_node,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) as count,
    count(*) filter (where not is_retry) as connections,
    sorted_set(dst_ip) as destinations,
    min(src_ip) as source
  from second_hops
  where decision = 'Deny'
    and shared_probe
    and service_type = 'LoadBalancer'
    and coalesce(traffic_policy, 'Cluster') = 'Cluster'
    and in_backend
  group by hop_service, service_port, nsg, rule_name, direction, dst_port, src_node
  having count(*) >= coalesce(getvariable('min_denied'), 2)
), served as (
  -- Only nodes where clients still arrive.
  select
    r.service, r.service_port, r.nsg, r.rule, r.direction, r.port, r.src_node, r.first_seen, r.last_seen, r.count, r.connections, r.destinations, r.source,
    count(*) as arrivals
  from refused r
  join client_flows c on c.service = r.service and c.dst_port = r.service_port and c.nic_node = r.src_node and c.decision = 'Allow'
    and c.time between r.first_seen and r.last_seen
  group by all
), grouped as (
  select
    service,
    service_port,
    nsg,
    rule,
    direction,
    port,
    min(first_seen) as first_seen,
    max(last_seen) as last_seen,
    sum(count) as count,
    sum(connections) as connections,
    sorted_list(src_node) as nodes,
    sorted_union(destinations) as destinations,
    min(source) as source,
    sum(arrivals) as client_connections
  from served
  group by service, service_port, nsg, rule, direction, port
), sizes as (
  select
    g.service,
    g.service_port,
    g.nsg,
    g.rule,
    g.direction,
    count(distinct b.node) as backend_count
  from grouped g
  join backends b on b.service = g.service and g.last_seen >= b.valid_from and g.last_seen < b.valid_to
  group by g.service, g.service_port, g.nsg, g.rule, g.direction
), reach as (
  select
    n.service,
    n.service_port,
    n.nsg,
    n.rule,
    n.direction,
    n.port,
    n.node,
    count(distinct e.ip) as pods,
    count(distinct case when e.node <> n.node and list_contains(n.destinations, e.ip) then e.ip end) as unreachable
  from (select *, unnest(nodes) as node from grouped) n
  join endpoints e on e.service = n.service and e.port = n.service_port and e.ready and n.last_seen >= e.valid_from and n.last_seen < e.valid_to
  group by n.service, n.service_port, n.nsg, n.rule, n.direction, n.port, n.node
), unreachable as (
  -- Per refused node the share of pods it cannot reach; summed over nodes.
  select
    service,
    service_port,
    nsg,
    rule,
    direction,
    sum(unreachable / pods) as failing_nodes
  from reach
  group by service, service_port, nsg, rule, direction
), all_clients as (
  select
    g.service,
    g.service_port,
    g.nsg,
    g.rule,
    g.direction,
    count(*) as connections
  from grouped g
  join client_flows c on c.service = g.service and c.dst_port = g.service_port and c.decision = 'Allow' and c.time between g.first_seen and g.last_seen
  group by g.service, g.service_port, g.nsg, g.rule, g.direction
)
select
  g.service || ':' || g.service_port || ' at ' || coalesce(g.nsg, 'unknown NSG') || '/' || coalesce(g.rule, 'unknown rule') as subject,
  g.first_seen,
  g.last_seen,
  g.count,
  'critical' as severity,
  'high' as confidence,
  g.service as service,
  g.source,
  list_extract(g.nodes, 1) as source_node,
  list_extract(g.destinations, 1) as destination,
  g.nodes,
  g.nsg as nsg,
  g.rule as rule,
  g.port,
  coalesce(u.failing_nodes, 0) / nullif(s.backend_count, 0) as expected_failure_share,
  least(1.0, g.connections / nullif(a.connections, 0)) as observed_failure_share,
  g.connections as refused_connections,
  g.client_connections,
  a.connections as connections,
  s.backend_count,
  g.service_port as service_port,
  g.direction as direction
from grouped g
left join sizes s on s.service = g.service and s.service_port = g.service_port and s.nsg is not distinct from g.nsg and s.rule is not distinct from g.rule and s.direction = g.direction
left join unreachable u on u.service = g.service and u.service_port = g.service_port and u.nsg is not distinct from g.nsg and u.rule is not distinct from g.rule and u.direction = g.direction
left join all_clients a on a.service = g.service and a.service_port = g.service_port and a.nsg is not distinct from g.nsg and a.rule is not distinct from g.rule and a.direction = g.direction
order by subject;
