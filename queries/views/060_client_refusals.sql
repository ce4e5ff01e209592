-- title: Clients that backends refuse, and the share of connections that costs
-- question: Which backends refuse which client of a service, and how many of its connections fail by that?

-- The model: the load balancer hashes each new connection to a healthy backend; a connection fails when that node's
-- NSG refuses the client, or (Cluster mode) when the node may not reach the pod it picks. All within the span from the
-- client's first to its last refusal, so that rules that changed later do not thin the share out.

create or replace view client_refusals as
with spans as (
  select
    c.service,
    c.client,
    c.dst_ip as frontend,
    c.dst_port as port,
    min(c.time) as span_from,
    max(c.time) as span_to
  from client_flows c
  where c.decision = 'Deny'
  group by c.service, c.client, c.dst_ip, c.dst_port
), services_then as (
  select
    p.*,
    s.traffic_policy,
    s.affinity,
    s.source_ranges,
    coalesce(s.shared_probe, false) as shared_probe
  from spans p
  left join services s on s.service = p.service and p.span_to >= s.valid_from and p.span_to < s.valid_to
), connections as (
  -- One row per connection: a client repeats a refused SYN with the same ports.
  select
    c.service,
    c.client,
    c.frontend,
    c.port,
    f.nic_node as node,
    bool_or(f.decision = 'Deny') as refused
  from spans c
  join client_flows f on f.service = c.service and f.client = c.client and f.dst_ip = c.frontend and f.dst_port = c.port
    and f.time >= c.span_from and f.time <= c.span_to
  group by c.service, c.client, c.frontend, c.port, f.nic_node, f.src_ip, f.src_port, f.protocol, bucket(f.time, 300)
), observed as (
  select
    service,
    client,
    frontend,
    port,
    count(*) as connections,
    count(*) filter (where refused) as refused_connections
  from connections
  group by service, client, frontend, port
), at_node as (
  select
    service,
    client,
    frontend,
    port,
    node,
    count(*) filter (where refused) as refused,
    count(*) filter (where not refused) as admitted
  from connections
  group by service, client, frontend, port, node
), node_nsgs as (
  select
    b.service,
    b.client,
    b.frontend,
    b.port,
    m.node,
    max(lower(short_name(n.subnet_nsg))) as subnet_nsg,
    max(lower(short_name(n.nic_nsg))) as nic_nsg
  from spans b
  join backends m on m.service = b.service and b.span_to >= m.valid_from and b.span_to < m.valid_to
  left join nics n on n.node = m.node and b.span_to >= n.valid_from and b.span_to < n.valid_to
  group by b.service, b.client, b.frontend, b.port, m.node
), refusing_nsgs as (
  select distinct
    s.service,
    s.client,
    s.frontend,
    s.port,
    lower(f.nsg) as nsg
  from spans s
  join client_flows f on f.service = s.service and f.client = s.client and f.dst_ip = s.frontend and f.dst_port = s.port
  where f.decision = 'Deny' and f.nsg is not null
), endpoints_then as (
  select
    s.service,
    s.client,
    s.frontend,
    s.port,
    e.node,
    count(distinct e.ip) as pods
  from spans s
  join endpoints e on e.service = s.service and e.port = s.port and e.ready
    and s.span_to >= e.valid_from and s.span_to < e.valid_to
  group by s.service, s.client, s.frontend, s.port, e.node
), pods_then as (
  select service, client, frontend, port, sum(pods) as pods
  from endpoints_then
  group by service, client, frontend, port
), probes_then as (
  select
    s.service,
    s.client,
    s.frontend,
    s.port,
    f.nic_node as node,
    count(*) filter (where f.decision = 'Deny') * 2 > count(*) as probe_refused
  from spans s
  join probe_flows f on f.probe_service = s.service and f.service_port = s.port and f.time >= s.span_from and f.time <= s.span_to
  group by s.service, s.client, s.frontend, s.port, f.nic_node
), hops_then as (
  -- Per node and pod: is that second hop refused?
  select
    s.service,
    s.client,
    s.frontend,
    s.port,
    h.src_node as node,
    h.dst_ip,
    count(*) filter (where h.decision = 'Deny') * 2 > count(*) as hop_refused
  from spans s
  join second_hops h on h.hop_service = s.service and h.service_port = s.port and h.time >= s.span_from and h.time <= s.span_to
  group by s.service, s.client, s.frontend, s.port, h.src_node, h.dst_ip
), refused_hops as (
  select service, client, frontend, port, node, count(*) filter (where hop_refused) as pods
  from hops_then
  group by service, client, frontend, port, node
), backend_nodes as (
  select
    n.service,
    n.client,
    n.frontend,
    n.port,
    n.node,
    s.traffic_policy,
    s.shared_probe,
    coalesce(e.pods, 0) as own_pods,
    coalesce(p.probe_refused, false) as probe_refused,
    least(1.0, coalesce(h.pods, 0) / greatest(coalesce(t.pods, 1), 1)) as unreachable,
    case
      when a.node is not null then a.refused > a.admitted
      else exists (
        select 1 from refusing_nsgs r
        where r.service = n.service and r.client = n.client and r.frontend = n.frontend and r.port = n.port
          and (r.nsg = n.subnet_nsg or r.nsg = n.nic_nsg)
      )
    end as refuses
  from node_nsgs n
  join services_then s using (service, client, frontend, port)
  left join endpoints_then e using (service, client, frontend, port, node)
  left join pods_then t using (service, client, frontend, port)
  left join probes_then p using (service, client, frontend, port, node)
  left join refused_hops h using (service, client, frontend, port, node)
  left join at_node a using (service, client, frontend, port, node)
), weighted as (
  -- up: the share of time the load balancer takes the node for healthy (two probes in a row turn it either way).
  select
    *,
    case
      when probe_refused then 0.0
      when traffic_policy = 'Local' then case when own_pods > 0 then 1.0 else 0.0 end
      when shared_probe or unreachable = 0 then 1.0
      when unreachable >= 1 then 0.0
      else ((1 + unreachable) / (unreachable * unreachable))
        / ((1 + unreachable) / (unreachable * unreachable) + (2 - unreachable) / ((1 - unreachable) * (1 - unreachable)))
    end as up,
    case when refuses then 1.0 when traffic_policy = 'Local' then 0.0 else unreachable end as fails
  from backend_nodes
), model as (
  select
    service,
    client,
    frontend,
    port,
    count(*) as backend_count,
    list_sort(list(node) filter (where up > 0)) as healthy_nodes,
    list_sort(list(node) filter (where own_pods > 0)) as endpoint_nodes,
    sum(up * fails) / nullif(sum(up), 0) as expected_failure_share,
    sum(up) filter (where refuses) as refusing_up
  from weighted
  group by service, client, frontend, port
), admitted as (
  select
    service,
    client,
    dst_ip as frontend,
    dst_port as port,
    list_sort(list(distinct nic_node)) as nodes
  from client_flows
  where decision = 'Allow' and nic_node is not null
  group by service, client, dst_ip, dst_port
), scanners as (
  -- A source that is refused at many ports is looking around: its refusals at one of them are no outage.
  select src_ip, count(distinct dst_port) as refused_ports
  from new_flows
  where decision = 'Deny'
  group by src_ip
)
select
  f.service,
  f.client,
  f.dst_ip as frontend,
  f.dst_port as port,
  f.nsg,
  f.rule_name as rule,
  max(f.rule_class) as rule_class,
  coalesce(list_contains(m.endpoint_nodes, f.nic_node), f.nic_role = 'ingress', false) as at_endpoint_node,
  s.traffic_policy,
  s.affinity,
  s.source_ranges,
  s.shared_probe,
  s.span_from,
  s.span_to,
  min(f.time) as first_seen,
  max(f.time) as last_seen,
  count(*) as count,
  list_sort(list(distinct f.nic_node) filter (where f.nic_node is not null)) as nodes,
  list_sort(list(distinct f.nic_role) filter (where f.nic_role is not null)) as roles,
  any_value(d.nodes) as admitting_nodes,
  any_value(m.backend_count) as backend_count,
  any_value(m.healthy_nodes) as healthy_nodes,
  any_value(m.endpoint_nodes) as endpoint_nodes,
  any_value(m.expected_failure_share) as expected_failure_share,
  any_value(m.refusing_up) as refusing_up,
  any_value(o.connections) as connections,
  any_value(o.refused_connections) as refused_connections,
  any_value(o.refused_connections / o.connections) as observed_failure_share,
  max(coalesce(x.refused_ports, 1)) as refused_ports_of_client
from client_flows f
join services_then s on s.service = f.service and s.client = f.client and s.frontend = f.dst_ip and s.port = f.dst_port
left join observed o on o.service = f.service and o.client = f.client and o.frontend = f.dst_ip and o.port = f.dst_port
left join model m on m.service = f.service and m.client = f.client and m.frontend = f.dst_ip and m.port = f.dst_port
left join admitted d on d.service = f.service and d.client = f.client and d.frontend = f.dst_ip and d.port = f.dst_port
left join scanners x on x.src_ip = f.src_ip and f.client <> 'Internet'
where f.decision = 'Deny'
group by f.service, f.client, f.dst_ip, f.dst_port, f.nsg, f.rule_name,
  coalesce(list_contains(m.endpoint_nodes, f.nic_node), f.nic_role = 'ingress', false),
  s.traffic_policy, s.affinity, s.source_ranges, s.shared_probe, s.span_from, s.span_to;

comment on view client_refusals is 'One row per service, client, frontend port, NSG and rule that refused the client; expected and observed share are of all the client''s new connections to that port between its first and last refusal.';
