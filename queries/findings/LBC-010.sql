-- title: Local mode: connections are not spread evenly over the pods
-- question: Which node's pods carry more than their share, since Azure balances over nodes and not over pods?
-- severity: low
-- confidence: medium
-- inputs: nics, services, frontends, endpoints
-- param: min_flows integer 200 — connections before a comparison means something
-- param: min_ratio double 1.5 — connections per pod on the busiest node over the mean per pod
-- false positives: sessionAffinity ClientIP; few clients behind one address; long-lived connections
-- explanation: {node} carries {ratio} times the connections per pod of {service} that an even spread would give ({per_node}). Azure balances over nodes, not over pods, so nodes with fewer pods load theirs more.
-- fix: Spread the pods evenly: a topologySpreadConstraint or pod anti-affinity over kubernetes.io/hostname, and as many replicas as there are ingress nodes (or a multiple). No NSG change.
-- limits: Long-lived connections count once, whatever they carry.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, decision, nsg, rule_name, blob, record_index, tuple_index from client_flows where service = {service} and dst_port = {port} and not is_retry and nic_node in {compared_nodes} and time between {first_seen} and {last_seen}

with local_services as (
  select s.service, max(s.valid_from) as valid_from
  from services s
  where s.type = 'LoadBalancer'
    and s.traffic_policy = 'Local'
    and coalesce(s.affinity, 'None') <> 'ClientIP'
    and s.valid_to >= (select max(time) from new_flows)
  group by s.service
), settled as (
  -- The pods at the end, and since when they have been these.
  select
    e.service,
    e.port,
    e.node,
    count(distinct e.ip) as pods,
    max(e.valid_from) as valid_from
  from endpoints e
  join local_services l on l.service = e.service
  where e.ready and e.valid_to > (select max(time) from new_flows)
  group by e.service, e.port, e.node
), since as (
  select s.service, s.port, max(greatest(s.valid_from, l.valid_from)) as since, sum(s.pods) as pods, count(*) as nodes
  from settled s
  join local_services l on l.service = s.service
  group by s.service, s.port
), loads as (
  select
    s.service as service,
    s.port as port,
    s.node,
    s.pods as pods,
    count(c.time) as connections,
    min(c.time) as first_seen,
    max(c.time) as last_seen
  from settled s
  join since n on n.service = s.service and n.port = s.port
  left join client_flows c on c.service = s.service and c.dst_port = s.port and c.nic_node = s.node and not c.is_retry and c.time >= n.since
  group by s.service, s.port, s.node, s.pods
), totals as (
  select
    l.service,
    l.port,
    sum(l.connections) as connections,
    sum(l.pods) as pods,
    count(*) as nodes,
    min(l.first_seen) as first_seen,
    max(l.last_seen) as last_seen,
    arg_max(l.node, l.connections / l.pods) as node,
    max(l.connections / l.pods) as most_per_pod,
    sorted_list(l.node) as node_list,
    array_to_string(sorted_list(l.node || ': ' || l.connections || ' connections, ' || l.pods || case when l.pods = 1 then ' pod' else ' pods' end), '; ') as per_node
  from loads l
  group by l.service, l.port
), chi as (
  select
    l.service,
    l.port,
    sum(power(l.connections - t.connections * l.pods / t.pods, 2) / (t.connections * l.pods / t.pods)) as chi_square
  from loads l
  join totals t on t.service = l.service and t.port = l.port
  where t.connections > 0
  group by l.service, l.port
)
select
  t.service || ':' || t.port || ' at ' || t.node as subject,
  t.first_seen,
  t.last_seen,
  t.connections as count,
  case when t.most_per_pod * t.pods / t.connections >= 2 then 'medium' else 'low' end as severity,
  'medium' as confidence,
  t.service,
  [t.node] as nodes,
  t.node_list as compared_nodes,
  t.port,
  t.node,
  round_to(t.most_per_pod * t.pods / t.connections, 2) as ratio,
  t.connections,
  t.pods,
  t.per_node,
  round_to(c.chi_square, 1) as chi_square
from totals t
join chi c on c.service = t.service and c.port = t.port
where t.pods >= 2
  and t.nodes >= 2
  and t.connections >= coalesce(getvariable('min_flows'), 200)
  and t.most_per_pod * t.pods / t.connections >= coalesce(getvariable('min_ratio'), 1.5)
  -- p < 0.01 by the Wilson-Hilferty approximation of the chi-square distribution.
  and (power(c.chi_square / (t.nodes - 1), 1.0 / 3) - (1 - 2.0 / (9 * (t.nodes - 1)))) / sqrt(2.0 / (9 * (t.nodes - 1))) > 2.326
order by subject;
