-- title: Node opens an ingress pod on another node in Local mode
-- question: Which node connects to pods of a Local-mode service directly, although outside traffic never crosses nodes then?
-- severity: medium
-- confidence: medium
-- inputs: nodes, services, endpoints, nsgs?, pods?, clusters?, addresses
-- param: busy_per_minute double 10 — connections a minute from a user node that make it severe
-- attack: T1021, T1210
-- false positives: hostNetwork pods and node agents (monitoring, checks run by the kubelet) that call the service's address; pods keep their own address and are not counted; the first 10 minutes after a switch from Cluster mode and pods that a Cluster-mode Service selects too are left out
-- explanation: Something on {source_node} opened {destinations} port {port}, pods of {service} on other nodes, {connections} times, and {nsg}/{rule} {text_did}. In Local mode outside traffic is never handed from node to node, so this comes from {source_node} itself: a process or a hostNetwork pod ({text_host_pods}).
-- fix: Find the process on {source_node} first. To close the way, use a NetworkPolicy in the namespace of {service}; an inbound Deny on the ingress subnet's NSG (source the subnet of {source_node}, destination the subnet or range of the pods, TCP port {port}) works too, but AKS does not support NSG rules that block traffic inside the cluster.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, decision, nsg, rule_name, blob, record_index, tuple_index from local_hops where hop_service = {service} and service_port = {service_port} and src_node = {source_node} and decision = {decision} and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and time between {first_seen} and {last_seen}

with grouped as (
  select
    hop_service as service,
    service_port,
    src_node,
    decision,
    nsg,
    rule_name as rule,
    max(src_role) as role,
    min(src_ip) as source,
    min(dst_port) as port,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) as count,
    count(*) filter (where not is_retry) as connections,
    sorted_set(dst_ip) as destinations,
    sorted_set(endpoint_node) as nodes
  from local_hops
  group by hop_service, service_port, src_node, decision, nsg, rule_name
), breadth as (
  select src_node, count(distinct hop_service) as services
  from local_hops
  group by src_node
), with_pods as (
  select
    g.*,
    b.services,
    g.connections / greatest((epoch_ms(g.last_seen) - epoch_ms(g.first_seen)) / 60000, 1) as per_minute,
    hidden_pods('node', g.src_node, g.first_seen, g.last_seen) as pods,
    (select sorted_set(p.pod) from node_speakers p where p.node = g.src_node and p.host_network and p.valid_from <= g.last_seen and p.valid_to > g.first_seen) as host_pods
  from grouped g
  join breadth b on b.src_node = g.src_node
)
select
  src_node || ' to ' || service || ':' || service_port || ' at ' || coalesce(nsg, 'unknown NSG') || '/' || coalesce(rule, 'unknown rule') as subject,
  first_seen,
  last_seen,
  count,
  case
    when decision = 'Deny' then 'low'
    when role = 'user' and (per_minute > coalesce(getvariable('busy_per_minute'), 10) or services > 1) then 'high'
    else 'medium'
  end as severity,
  'medium' as confidence,
  service,
  source,
  src_node as source_node,
  destinations[1] as destination,
  nodes,
  nsg,
  rule,
  port,
  destinations,
  connections,
  round_to(per_minute, 2) as per_minute,
  role as source_role,
  service_port,
  decision,
  pods as candidate_pods,
  host_pods as host_network_pods,
  case when len(host_pods) > 0 then some_of(host_pods) else 'none is known' end as text_host_pods,
  case when decision = 'Deny' then 'refused it' else 'let it in' end as text_did,
  without_nulls([pods_of_source(src_node, pods)]) as limits
from with_pods
order by subject;
