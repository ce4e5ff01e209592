-- title: Clients that backends refuse, and the share of connections that costs
-- question: Which backends refuse which client of a service, and how many of its connections fail by that?

-- The model: the load balancer hashes each new connection to a healthy backend; a connection fails when that node's
-- NSG refuses the client, or (Cluster mode) when the node may not reach the pod it picks. All is taken within one
-- episode of refusals, so that rules that changed before or after do not thin the share out.
create or replace view refusal_spans as
with refused_somewhere as (
  select distinct service, client, dst_ip, dst_port, protocol
  from client_flows
  where decision = 'Deny'
), ordered as (
  select
    *,
    -- Rows, not the default range: that makes the engine look for peers and takes quadratic time.
    sum(case when decision = 'Allow' then 1 else 0 end) over (
      partition by service, client, dst_ip, dst_port, protocol order by time, log_id, record_index, tuple_index
      rows between unbounded preceding and current row
    ) as admitted_so_far
  from (
    select
      time, decision, service, client, dst_ip, dst_port, protocol, nsg, rule_name, log_id, record_index, tuple_index
    from client_flows
    join refused_somewhere using (service, client, dst_ip, dst_port, protocol)
  )
), parted as (
  -- An episode ends when the client then got 200 connections in a row through, over more than two minutes.
  select
    *,
    case
      when admitted_so_far - lag(admitted_so_far) over rule_key >= 200 and epoch_ms(time) - epoch_ms(lag(time) over rule_key) > 120000 then 1
      else 0
    end as parts
  from ordered
  where decision = 'Deny'
  window rule_key as (partition by service, client, dst_ip, dst_port, protocol, nsg, rule_name order by time, log_id, record_index, tuple_index)
), numbered as (
  select
    *,
    sum(parts) over (partition by service, client, dst_ip, dst_port, protocol, nsg, rule_name order by time, log_id, record_index, tuple_index rows between unbounded preceding and current row) as episode
  from parted
), episodes as (
  select
    service,
    client,
    dst_ip as frontend,
    dst_port as port,
    protocol,
    nsg,
    rule_name as rule,
    min(time) as span_from,
    max(time) as span_to,
    count(*) as refusals,
    sum(count(*)) over (partition by service, client, dst_ip, dst_port, protocol, nsg, rule_name) as refusals_in_all
  from numbered
  group by service, client, dst_ip, dst_port, protocol, nsg, rule_name, episode
), largest as (
  -- How much lies outside it is told with it.
  select *
  from episodes
  qualify row_number() over (partition by service, client, frontend, port, protocol, nsg, rule order by refusals desc, span_from) = 1
)
select
  e.service as service, e.client as client, e.frontend as frontend, e.port as port, e.protocol as protocol, e.nsg as nsg, e.rule as rule, e.span_from as span_from, e.span_to as span_to, e.refusals as refusals, e.refusals_in_all as refusals_in_all,
  row_number() over (order by e.service, e.client, e.frontend, e.port, e.protocol, e.nsg, e.rule) as span,
  s.traffic_policy,
  s.affinity,
  s.source_ranges,
  coalesce(s.shared_probe, false)::boolean as shared_probe
from largest e
left join services s on s.service = e.service and e.span_to >= s.valid_from and e.span_to < s.valid_to;

comment on view refusal_spans is 'One row per service, client, frontend port with its protocol, NSG and rule that refused the client: its largest episode of refusals.';

create or replace view client_refusals as
with spans as materialized (
  select * from refusal_spans
), times as (
  select min(span_from) as since, max(span_to) as until from spans
), at_node as (
  -- Connections, not rows: a client repeats a refused SYN with the same ports.
  select
    s.span,
    f.nic_node as node,
    count(*) filter (where f.decision = 'Deny') as refused,
    count(*) filter (where f.decision = 'Allow') as admitted
  from spans s
  join client_flows f on f.service = s.service and f.client = s.client and f.dst_ip = s.frontend and f.dst_port = s.port and f.protocol = s.protocol
    and f.time >= s.span_from and f.time <= s.span_to and not f.is_retry
  group by s.span, f.nic_node
), observed as (
  select
    span,
    sum(refused + admitted) as connections,
    sum(refused) as refused_connections
  from at_node
  group by span
), refusing_nsgs as (
  select distinct
    s.span,
    lower(f.nsg) as nsg
  from spans s
  join client_flows f on f.service = s.service and f.client = s.client and f.dst_ip = s.frontend and f.dst_port = s.port and f.protocol = s.protocol
    and f.time >= s.span_from and f.time <= s.span_to
  where f.decision = 'Deny' and f.nsg is not null
), node_nsgs as (
  select
    s.span,
    m.node as node,
    max(lower(short_name(n.subnet_nsg))) as subnet_nsg,
    max(lower(short_name(n.nic_nsg))) as nic_nsg
  from spans s
  join backends m on m.service = s.service and s.span_to >= m.valid_from and s.span_to < m.valid_to
  left join nics n on n.node = m.node and s.span_to >= n.valid_from and s.span_to < n.valid_to
  group by s.span, m.node
), own_pods as (
  select
    s.span,
    e.node,
    count(distinct e.ip) as pods
  from spans s
  join endpoints e on e.service = s.service and e.port = s.port and coalesce(e.protocol, 6) = s.protocol and e.ready and s.span_to >= e.valid_from and s.span_to < e.valid_to
  group by s.span, e.node
), all_pods as (
  select span, sum(pods) as pods
  from own_pods
  group by span
), probed as (
  select
    s.span,
    f.nic_node as node,
    count(*) filter (where f.decision = 'Deny') * 2 > count(*) as probe_refused
  from spans s
  join (
    select p.* from probe_flows p join times t on p.time >= t.since and p.time <= t.until
  ) f on f.probe_service = s.service and f.service_port = s.port and f.time >= s.span_from and f.time <= s.span_to
  group by s.span, f.nic_node
), hops as (
  -- Per node and pod: is that second hop refused?
  select
    s.span,
    h.src_node as node,
    h.dst_ip,
    count(*) filter (where h.decision = 'Deny') * 2 > count(*) as hop_refused
  from spans s
  join (
    select o.* from second_hops o join times t on o.time >= t.since and o.time <= t.until
  ) h on h.hop_service = s.service and h.service_port = s.port and h.protocol = s.protocol and h.time >= s.span_from and h.time <= s.span_to
  group by s.span, h.src_node, h.dst_ip
), refused_hops as (
  select span, node, count(*) filter (where hop_refused) as pods
  from hops
  group by span, node
), backend_nodes as (
  select
    n.span as span,
    n.node as node,
    s.traffic_policy,
    s.shared_probe,
    coalesce(e.pods, 0) as own_pods,
    coalesce(p.probe_refused, false) as probe_refused,
    least(1.0, coalesce(h.pods, 0) / greatest(coalesce(t.pods, 1), 1)) as unreachable,
    case
      when a.node is not null then a.refused > a.admitted
      else r.span is not null
    end as refuses
  from node_nsgs n
  join spans s on s.span = n.span
  left join own_pods e on e.span = n.span and e.node = n.node
  left join all_pods t on t.span = n.span
  left join probed p on p.span = n.span and p.node = n.node
  left join refused_hops h on h.span = n.span and h.node = n.node
  left join at_node a on a.span = n.span and a.node = n.node
  left join (
    select distinct m.span, m.node
    from node_nsgs m
    join refusing_nsgs g on g.span = m.span and (g.nsg = m.subnet_nsg or g.nsg = m.nic_nsg)
  ) r on r.span = n.span and r.node = n.node
), weighted as (
  select
    *,
    up_share(traffic_policy, own_pods, shared_probe, probe_refused, unreachable) as up,
    case when refuses then 1.0 when traffic_policy = 'Local' then 0.0 else unreachable end as fails
  from backend_nodes
), model as (
  select
    span,
    count(*) as backend_count,
    sorted_list(case when up > 0 then node end) as healthy_nodes,
    sorted_list(case when own_pods > 0 then node end) as endpoint_nodes,
    sum(up * fails) / nullif(sum(up), 0) as expected_failure_share,
    sum(up) filter (where refuses) as refusing_up
  from weighted
  group by span
), admitted_then as (
  select span, sorted_list(node) as nodes
  from at_node
  where admitted > refused and node is not null
  group by span
), admitted as (
  select
    service,
    client,
    dst_ip as frontend,
    dst_port as port,
    protocol,
    sorted_set(nic_node) as nodes
  from client_flows
  where decision = 'Allow' and nic_node is not null
  group by service, client, dst_ip, dst_port, protocol
), scanners as (
  -- A source that is refused at many ports is looking around: its refusals at one of them are no outage.
  select src_ip, count(distinct dst_port) as refused_ports
  from new_flows
  where decision = 'Deny'
  group by src_ip
), hosts as (
  select span, node from weighted where own_pods > 0
), refused_rows as (
  select
    s.span as span,
    coalesce(case when len(m.endpoint_nodes) > 0 then h.node is not null end, f.nic_role = 'ingress', false)::boolean as at_endpoint_node,
    max(f.rule_class) as rule_class,
    min(f.time) as first_seen,
    max(f.time) as last_seen,
    count(*) as count,
    sorted_set(f.nic_node) as nodes,
    sorted_set(f.nic_role) as roles,
    max(coalesce(x.refused_ports, 1)) as refused_ports_of_client
  from spans s
  join client_flows f on f.service = s.service and f.client = s.client and f.dst_ip = s.frontend and f.dst_port = s.port and f.protocol = s.protocol
    and f.nsg is not distinct from s.nsg and f.rule_name is not distinct from s.rule and f.decision = 'Deny'
    and f.time >= s.span_from and f.time <= s.span_to and f.nic_node is not null
  left join model m on m.span = s.span
  left join hosts h on h.span = s.span and h.node = f.nic_node
  left join scanners x on x.src_ip = f.src_ip and f.client <> 'Internet'
  group by s.span, coalesce(case when len(m.endpoint_nodes) > 0 then h.node is not null end, f.nic_role = 'ingress', false)::boolean
)
select
  s.service as service,
  s.client as client,
  s.frontend as frontend,
  s.port as port,
  s.protocol as protocol,
  s.nsg,
  s.rule,
  r.rule_class,
  r.at_endpoint_node,
  s.traffic_policy,
  s.affinity,
  s.source_ranges,
  r.first_seen,
  r.last_seen,
  r.count,
  s.refusals_in_all - s.refusals as refusals_at_other_times,
  r.nodes as nodes,
  r.roles,
  -- In the episode; when there are none, at any other time.
  coalesce(case when len(t.nodes) > 0 then t.nodes else d.nodes end, []) as admitting_nodes,
  m.backend_count,
  coalesce(m.healthy_nodes, []) as healthy_nodes,
  coalesce(m.endpoint_nodes, []) as endpoint_nodes,
  m.expected_failure_share,
  m.refusing_up,
  o.connections,
  o.refused_connections,
  o.refused_connections / o.connections as observed_failure_share,
  r.refused_ports_of_client
from refused_rows r
join spans s on s.span = r.span
left join observed o on o.span = s.span
left join model m on m.span = s.span
left join admitted_then t on t.span = s.span
left join admitted d on d.service = s.service and d.client = s.client and d.frontend = s.frontend and d.port = s.port and d.protocol = s.protocol;

-- Where an Allow has to go: security admin rules are asked before any NSG, and belong to whoever runs the network manager.
create or replace macro repair_place(rule_class, nsg) as
  case
    when rule_class = 'admin' then 'No NSG rule can undo a security admin rule of ' || coalesce(nsg, 'the network manager') || ': ask its owner for an'
    else 'On ' || coalesce(nsg, 'the NSG') || ', add an'
  end;

-- Who a rule would have to name for the client, in words.
create or replace macro client_prefix_text(client) as
  case when client = 'Internet' then 'the ranges of your clients (or the service tag Internet, if everybody may come)' else client || '/32 or its subnet' end;

create or replace macro model_differs_text(expected, observed) as
  case when abs(expected - observed) > 0.15
    then 'Model and observation differ by more than 15 points: a gap in the logs, nodes that were unhealthy for part of the time, or a refused second hop.' end;

comment on view client_refusals is 'One row per service, client, frontend port with its protocol, NSG and rule that refused the client, for the largest episode of refusals; expected and observed share are of all the client''s new connections to that port within it.';
