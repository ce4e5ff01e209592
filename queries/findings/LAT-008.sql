-- title: Vertical scan: many ports of one host
-- question: Which source tried many ports of one host within ten minutes?
-- severity: high
-- confidence: medium
-- inputs: nodes, pods?, endpoints?, clusters?, nsgs?, nics?, addresses
-- param: min_ports integer 15 — ports of one host within 10 minutes, when enough of them are refused
-- param: min_refused_share double 0.5 — of these ports
-- param: min_ports_any integer 30 — ports that suffice whatever became of them
-- attack: T1046
-- false positives: protocols with ports of their own choice (FTP, RPC); ports from 32768 on and rows with swapped ends are left out
-- explanation: {text_source} tried {port_count} ports of {text_destination} within {text_minutes} ({text_ports}): {tries} tries, {text_outcome}. That is what a port scan looks like.
-- fix: Find out what runs on {text_source}; cordon and drain the node, or isolate the pod with a NetworkPolicy. Ports that were let in are in the evidence (openPorts).{text_trusting}
-- evidence-sql: select time, last_time, tuples, outcome, src_ip, src_port, dst_ip, dst_port, nsg, rule_name from port_tries where src_ip = {source} and dst_ip = {destination} and time between {first_seen} and {last_seen}

with grouped as (
  select
    s.src_ip,
    s.dst_ip,
    s.scan,
    min(a.src_kind) as src_kind,
    min(a.src_name) as src_name,
    min(a.src_node) as src_node,
    min(a.src_pod) as src_pod,
    min(a.src_role) as src_role,
    min(a.dst_name) as dst_name,
    min(a.dst_node) as dst_node,
    min(a.time) as first_seen,
    max(a.time) as last_seen,
    count(*) as count,
    count(*) filter (where a.outcome = 'arrived') as arrived,
    count(*) filter (where a.outcome = 'refused') as refused,
    count(*) filter (where a.outcome = 'sent') as sent,
    sorted_set(a.dst_port) as ports,
    sorted_set(case when a.outcome = 'arrived' then a.dst_port end) as open_ports,
    sorted_set(a.admitted_by) as admitted_by,
    sorted_set(a.refused_by) as refused_by,
    min(a.nsg) as nsg,
    min(a.rule_name) as rule,
    count(distinct a.nsg || '/' || a.rule_name) as deciders
  from port_scans s
  join port_tries a on a.src_ip = s.src_ip and a.dst_ip = s.dst_ip and a.time between s.first_seen and s.last_seen
  group by s.src_ip, s.dst_ip, s.scan
), with_pods as (
  select
    g.*,
    hidden_pods(g.src_kind, g.src_node, g.first_seen, g.last_seen) as pods
  from grouped g
)
select
  coalesce(dst_name, dst_ip) || ' from ' || coalesce(src_name, src_ip) as subject,
  first_seen,
  last_seen,
  count,
  case when src_kind = 'public' then 'info' else 'high' end as severity,
  'medium' as confidence,
  src_ip as source,
  src_node as source_node,
  dst_ip as destination,
  without_nulls([dst_node]) as nodes,
  case when deciders = 1 then nsg end as nsg,
  case when deciders = 1 then rule end as rule,
  ports,
  len(ports) as port_count,
  count as tries,
  arrived,
  refused,
  sent,
  open_ports,
  admitted_by,
  refused_by,
  src_pod as source_pod,
  src_role as source_role,
  pods as candidate_pods,
  who(src_name, src_ip) as text_source,
  who(dst_name, dst_ip) as text_destination,
  some_of(ports) as text_ports,
  minutes_text(first_seen, last_seen) as text_minutes,
  outcome_text(arrived, admitted_by, refused, refused_by, sent) as text_outcome,
  trusting_text(admitted_by) as text_trusting,
  without_nulls([
    pods_of_source(src_node, pods),
    case when arrived > 0 then 'A connection that was let in did not necessarily find anything listening.' end
  ]) as limits
from with_pods
order by subject, source, first_seen;
