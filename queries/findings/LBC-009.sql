-- title: Local mode: a pod of the service outside the ingress pool
-- question: Which stray pod makes a node of another pool an entry point of the cluster?
-- severity: high
-- confidence: high
-- inputs: nodes, nics, services, frontends, endpoints, backends?, nsgs?
-- param: min_minutes double 30 — a pod that ran there for less is taken for a node upgrade
-- false positives: surge nodes during an upgrade; an ingress that runs as a DaemonSet everywhere on purpose; a Local Service whose pods all live on another pool is left out unless it is an ingress controller
-- explanation: {pods} of {service} runs on {node} in pool {pool} ({role}). In Local mode that node answers its health check, so the load balancer sends clients there: {arrivals} connections arrived and {refused_connections} of them were refused{text_by_whom}. The entry point is no longer the ingress subnet alone.
-- fix: Give the ingress controller a nodeSelector or affinity for the ingress pool and let that pool carry a taint it tolerates, then restart the stray pod. No NSG change.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, decision, nsg, rule_name, blob, record_index, tuple_index from client_flows where service = {service} and dst_port = {port} and nic_node = {node} and time between {first_seen} and {last_seen}

with stray as (
  select distinct
    e.service as service,
    e.port,
    e.node as node,
    e.pod,
    e.valid_from as valid_from,
    e.valid_to as valid_to,
    n.pool,
    n.role
  from endpoints e
  join services s on s.service = e.service and s.type = 'LoadBalancer' and s.traffic_policy = 'Local'
    and e.valid_from < s.valid_to and s.valid_from < e.valid_to
  join nodes n on n.node = e.node and e.valid_from < n.valid_to and n.valid_from < e.valid_to
  where e.ready
    and n.role in ('system', 'user')
    and exists (select 1 from nodes i where i.role = 'ingress')
    -- A Service that has no pod in the ingress pool and is no ingress controller lives where it was meant to.
    and (coalesce(s.ingress_controller, false) or exists (
      select 1 from endpoints h
      join nodes i on i.node = h.node and i.role = 'ingress'
      where h.service = e.service and h.ready and h.valid_from < e.valid_to and e.valid_from < h.valid_to
    ))
    and epoch_ms(e.valid_to) - epoch_ms(e.valid_from) >= coalesce(getvariable('min_minutes'), 30) * 60000
), spans as (
  select
    s.service,
    s.port,
    s.node,
    s.pool,
    s.role,
    sorted_set(s.pod) as pods,
    min(c.time) as first_seen,
    max(c.time) as last_seen
  from stray s
  join client_flows c on c.service = s.service and c.dst_port = s.port and c.nic_node = s.node and c.time >= s.valid_from and c.time < s.valid_to
  group by s.service, s.port, s.node, s.pool, s.role
), connections as (
  select
    s.service,
    s.port,
    s.node,
    c.nic_node,
    c.client,
    c.decision = 'Deny' as refused,
    c.is_retry,
    case when c.decision = 'Deny' then c.nsg end as nsg,
    case when c.decision = 'Deny' then c.rule_name end as rule
  from spans s
  join client_flows c on c.service = s.service and c.dst_port = s.port and c.time between s.first_seen and s.last_seen
), totals as (
  select
    service,
    port,
    node,
    count(*) filter (where nic_node = node) as count,
    count(*) filter (where nic_node = node and not is_retry) as arrivals,
    count(*) filter (where nic_node = node and refused and not is_retry) as refused_connections,
    count(*) filter (where refused and not is_retry) as refused_everywhere,
    count(*) filter (where not is_retry) as connections,
    max(nsg) filter (where nic_node = node) as nsg,
    max(rule) filter (where nic_node = node) as rule,
    min(client) filter (where nic_node = node and refused) as client
  from connections
  group by service, port, node
), entry_points as (
  select
    s.service,
    s.port,
    s.node,
    count(distinct e.node) as nodes
  from spans s
  join endpoints e on e.service = s.service and e.port = s.port and e.ready and s.last_seen >= e.valid_from and s.last_seen < e.valid_to
  group by s.service, s.port, s.node
)
select
  s.service || ':' || s.port || ' at ' || s.node as subject,
  s.first_seen,
  s.last_seen,
  t.count,
  case when t.refused_connections > 0 then 'high' else 'medium' end as severity,
  'high' as confidence,
  s.service as service,
  t.client,
  [s.node] as nodes,
  t.nsg,
  t.rule,
  s.port as port,
  -- Every node with a pod gets an equal share of the connections.
  t.refused_connections / t.arrivals / greatest(coalesce(e.nodes, 1), 1) as expected_failure_share,
  t.refused_everywhere / t.connections as observed_failure_share,
  s.node as node,
  s.pods,
  s.pool,
  s.role,
  t.arrivals,
  t.refused_connections,
  t.connections,
  coalesce(e.nodes, 1) as entry_points,
  case when t.refused_connections > 0 then ' by ' || coalesce(t.nsg, 'an unknown NSG') || '/' || coalesce(t.rule, 'an unknown rule') else '' end as text_by_whom
from spans s
join totals t on t.service = s.service and t.port = s.port and t.node = s.node
left join entry_points e on e.service = s.service and e.port = s.port and e.node = s.node
order by subject;
