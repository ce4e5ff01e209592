-- title: Second hop between ingress nodes denied: healthy nodes flap
-- question: Which rule refuses the probes and requests that nodes with pods of the service hand to pods on other nodes?
-- severity: critical
-- confidence: high
-- inputs: nodes, services, endpoints, backends, nsgs?, nics?, addresses
-- param: min_denied integer 2 — refused second hops before it is reported
-- false positives: pods that moved while the inventory was older than the move
-- explanation: {nodes} run pods of {service} and still hand {expected_failure_share:percent} of their probes and requests to {destinations} on other nodes ({text_victims}), since every ready pod is picked with equal chance. {nsg}/{rule} refuses these ({count} times), so healthy nodes flap and {observed_failure_share:percent} of what they took in was lost.
-- fix: On {nsg}, add an {direction} Allow: source all node subnets of the cluster, this ingress subnet included, destination the pods (the pod CIDR, or their subnet when pods have addresses of the VNet), TCP port {port}, with a priority below that of {rule}. Apply it together with the rules for the other pools (LBP-002) and the clients (LBC-001).
-- limits: Second hops to a pod on the same node never reach a network interface and are in no log.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, src_node, dst_ip, dst_port, protocol, nsg, rule_name, blob, record_index, tuple_index from second_hops where hop_service = {service} and service_port = {service_port} and direction = {direction} and decision = 'Deny' and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and src_node in {nodes} and dst_ip in {destinations} and time between {first_seen} and {last_seen}

with refused as (
  select
    h.hop_service as service,
    h.service_port,
    h.nsg,
    h.rule_name as rule,
    h.direction,
    h.dst_port as port,
    min(h.time) as first_seen,
    max(h.time) as last_seen,
    count(*) as count,
    count(*) filter (where not h.is_retry) as connections,
    sorted_set(h.src_node) as nodes,
    sorted_set(h.src_ip) as sources,
    sorted_set(h.dst_ip) as destinations,
    sorted_set(h.endpoint_node) as victims,
    sorted_set(h.endpoint_pod) as pods
  from second_hops h
  where h.decision = 'Deny'
    and h.service_type = 'LoadBalancer'
    and coalesce(h.traffic_policy, 'Cluster') = 'Cluster'
    and h.in_backend
    and exists (
      select 1 from endpoints o
      where o.service = h.hop_service and o.port = h.service_port and o.node = h.src_node and o.ready
        and h.time >= o.valid_from and h.time < o.valid_to
    )
  group by h.hop_service, h.service_port, h.nsg, h.rule_name, h.direction, h.dst_port
  having count(*) >= coalesce(getvariable('min_denied'), 2)
), pods_of as (
  select r.service, r.service_port, r.nsg, r.rule, r.direction, e.node, e.ip
  from refused r
  join endpoints e on e.service = r.service and e.port = r.service_port and e.ready
    and r.last_seen >= e.valid_from and r.last_seen < e.valid_to
), shares as (
  -- Per source node: the pods it cannot reach, of all pods.
  select
    r.service,
    r.service_port,
    r.nsg,
    r.rule,
    r.direction,
    r.node,
    count(distinct p.ip) as pods,
    count(distinct p.ip) filter (where p.node <> r.node and list_contains(r.destinations, p.ip)) as unreachable
  from (select *, unnest(nodes) as node from refused) r
  join pods_of p on p.service = r.service and p.service_port = r.service_port and p.nsg is not distinct from r.nsg
    and p.rule is not distinct from r.rule and p.direction = r.direction
  group by r.service, r.service_port, r.nsg, r.rule, r.direction, r.node
), expected as (
  select service, service_port, nsg, rule, direction, avg(unreachable / pods) as share, max(pods) as pods
  from shares
  group by service, service_port, nsg, rule, direction
), taken_in as (
  -- What these nodes took in meanwhile and had to hand on: probes and clients.
  select r.service, r.service_port, r.nsg, r.rule, r.direction, count(*) as connections
  from refused r
  join (
    select probe_service as service, service_port, nic_node, time from probe_flows where decision = 'Allow'
    union all
    select service, dst_port, nic_node, time from client_flows where decision = 'Allow'
  ) f on f.service = r.service and f.service_port = r.service_port and list_contains(r.nodes, f.nic_node)
    and f.time between r.first_seen and r.last_seen
  group by r.service, r.service_port, r.nsg, r.rule, r.direction
)
select
  r.service || ':' || r.service_port || ' between ingress nodes at ' || coalesce(r.nsg, 'unknown NSG') || '/' || coalesce(r.rule, 'unknown rule') as subject,
  r.first_seen,
  r.last_seen,
  r.count,
  'critical' as severity,
  'high' as confidence,
  r.service as service,
  list_extract(r.sources, 1) as source,
  list_extract(r.nodes, 1) as source_node,
  list_extract(r.destinations, 1) as destination,
  r.nodes,
  r.nsg as nsg,
  r.rule as rule,
  r.port,
  e.share as expected_failure_share,
  least(1.0, r.connections / greatest(coalesce(t.connections, r.connections), 1)) as observed_failure_share,
  r.sources,
  r.destinations,
  r.pods as pods,
  e.pods as pod_count,
  r.connections as refused_connections,
  t.connections as taken_in,
  r.service_port as service_port,
  r.direction as direction,
  some_of(r.victims) as text_victims,
  without_nulls([
    case when t.connections is null then 'No probe or client was logged as admitted at these nodes, so the observed share has no denominator.' end,
    case when abs(e.share - r.connections / greatest(coalesce(t.connections, r.connections), 1)) > 0.15
      then 'Model and observation differ by more than 15 points: allowed probes or clients are missing from the logs, or pods came and went.' end
  ]) as limits
from refused r
join expected e on e.service = r.service and e.service_port = r.service_port and e.nsg is not distinct from r.nsg and e.rule is not distinct from r.rule and e.direction = r.direction
left join taken_in t on t.service = r.service and t.service_port = r.service_port and t.nsg is not distinct from r.nsg and t.rule is not distinct from r.rule and t.direction = r.direction
where e.pods >= 2 and e.share > 0 and e.share < 1
order by subject;
