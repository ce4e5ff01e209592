-- title: Kubelet API asked by something that has no business there
-- question: Who talks to the kubelet of other nodes without being the API server's tunnel or monitoring?
-- severity: high
-- confidence: medium
-- inputs: nodes, pods, clusters?, nsgs?, nics?, addresses
-- param: fan_out integer 3 — kubelets asked within 10 minutes by a user node that make it critical
-- param: allowed_sources varchar '' — addresses or prefixes of other monitoring, by comma
-- attack: T1609, T1613, T1552.007
-- false positives: a new monitoring agent; konnectivity-agent, metrics-server, Azure Monitor, Prometheus and its kin are known by labels, account and image and left out, with the nodes they run on where pods hide behind node addresses
-- explanation: {text_source} talked to the kubelet API (port {port}) of {text_nodes}: {tries} tries, {text_outcome}. {text_judgement}
-- fix: {text_fix}
-- limits: Known scrapers are told by their labels, their account and their images; a workload that takes those of one is not seen.
-- evidence-sql: select time, last_time, tuples, outcome, src_ip, src_port, dst_ip, dst_port, dst_node, nsg, rule_name from attempts a where dst_kind = 'node' and protocol = 6 and src_ip = {source} and dst_port = {port} and time between {first_seen} and {last_seen} and (src_id, dst_id, dst_port) not in (select src_id, dst_id, dst_port from declared_flows) and (dst_port = 10255 or not exists (select 1 from kubelet_clients k where k.ip = a.src_ip and a.time >= k.valid_from and a.time < k.valid_to))

with tries as (
  select a.*
  from attempts a
  where a.dst_kind = 'node'
    and a.dst_port in (10250, 10255)
    and a.protocol = 6
    and coalesce(a.src_kind, '') <> 'apiserver'
    and not in_prefixes(a.src_ip, getvariable('allowed_sources'))
    and (a.src_id, a.dst_id, a.dst_port) not in (select src_id, dst_id, dst_port from declared_flows)
    -- The port that asks for no password is nobody's to use.
    and (a.dst_port = 10255 or not exists (
      select 1 from kubelet_clients k where k.ip = a.src_ip and a.time >= k.valid_from and a.time < k.valid_to
    ))
), windows as (
  select src_ip, dst_port, count(distinct dst_node) as nodes
  from tries
  cross join (select unnest([0, 300000]) as phase) o
  group by src_ip, dst_port, o.phase, int_div(epoch_ms(time) + o.phase, 600000)
), widest as (
  select src_ip, dst_port, max(nodes) as fan_out
  from windows
  group by src_ip, dst_port
), grouped as (
  select
    src_ip,
    dst_port,
    min(src_kind) as src_kind,
    min(src_name) as src_name,
    min(src_node) as src_node,
    min(src_pod) as src_pod,
    min(src_role) as src_role,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) as count,
    count(*) filter (where outcome = 'arrived') as arrived,
    count(*) filter (where outcome = 'refused') as refused,
    count(*) filter (where outcome = 'sent') as sent,
    sorted_set(dst_node) as nodes,
    sorted_set(case when outcome = 'arrived' then dst_node end) as reached_nodes,
    sorted_set(dst_ip) as destinations,
    sorted_set(admitted_by) as admitted_by,
    sorted_set(refused_by) as refused_by,
    min(nsg) as nsg,
    min(rule_name) as rule,
    count(distinct nsg || '/' || rule_name) as deciders
  from tries
  group by src_ip, dst_port
), with_pods as (
  select
    g.*,
    w.fan_out as fan_out,
    (s.steady_ip is not null)::boolean as steady,
    hidden_pods(g.src_kind, g.src_node, g.first_seen, g.last_seen) as pods
  from grouped g
  join (select src_ip as wide_ip, dst_port as wide_port, fan_out from widest) w on w.wide_ip = g.src_ip and w.wide_port = g.dst_port
  left join (select src_ip as steady_ip, dst_port as steady_port from steady_scrapers where dst_port = 10250) s
    on s.steady_ip = g.src_ip and s.steady_port = g.dst_port
)
select
  'kubelet port ' || dst_port || ' from ' || coalesce(src_name, src_ip) as subject,
  first_seen,
  last_seen,
  count,
  case
    when steady then 'info'
    when src_role = 'user' and fan_out >= coalesce(getvariable('fan_out'), 3) then 'critical'
    when arrived + sent > 0 then 'high'
    else 'medium'
  end as severity,
  case when src_kind = 'node' and pods_hide_behind_nodes() then 'medium' else 'high' end as confidence,
  src_ip as source,
  src_node as source_node,
  destinations[1] as destination,
  nodes,
  case when deciders = 1 then nsg end as nsg,
  case when deciders = 1 then rule end as rule,
  dst_port as port,
  count as tries,
  arrived,
  refused,
  sent,
  fan_out,
  steady as behaves_like_monitoring,
  destinations,
  reached_nodes,
  admitted_by,
  refused_by,
  src_pod as source_pod,
  src_role as source_role,
  pods as candidate_pods,
  who(src_name, src_ip) as text_source,
  some_of(nodes) as text_nodes,
  outcome_text(arrived, admitted_by, refused, refused_by, sent) as text_outcome,
  case
    when steady then 'It behaves like monitoring: it asks all nodes evenly and without a refusal since before these logs begin.'
    else 'No known scraper runs there. Who may use that API can run commands in every pod of the node.'
  end as text_judgement,
  case
    when steady then 'If this is your monitoring, declare it in flowlog.json under dependencies (from its workload or node, to the nodes, port ' || dst_port || '). If it is not, keep workloads away from the kubelet with a NetworkPolicy.'
    when pods_hide_behind_nodes() then 'Keep workloads away from the kubelet with a NetworkPolicy: deny egress to the node subnets on port ' || dst_port || ' for all pods but monitoring. An NSG rule is no good here: pods hide behind their node''s address, so it would also stop what rightly scrapes from that node.'
    else 'Keep workloads away from the kubelet with a NetworkPolicy: deny egress to the node subnets on port ' || dst_port || ' for all pods but monitoring. Or on the NSGs of the node subnets: an inbound Deny with source the user pool''s subnet, destination the node subnets, TCP port ' || dst_port || ', after an Allow for the scrapers.'
  end as text_fix,
  without_nulls([
    pods_of_source(src_node, pods),
    sent_only_text(sent)
  ]) as limits
from with_pods
order by subject, source;
