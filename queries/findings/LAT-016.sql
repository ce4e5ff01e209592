-- title: Slow scan: many hosts and ports over hours
-- question: Which source tried many doors of the network over hours, nearly all of them in vain?
-- severity: high
-- confidence: medium
-- inputs: nodes, pods?, endpoints?, clusters?, nsgs?, nics?, addresses
-- param: min_targets integer 30 — hosts and ports, counted together, that were tried
-- param: min_failed_share double 0.8 — of these, those that were refused or never answered
-- param: min_minutes double 30 — from the first to the last; what is faster is LAT-007 or LAT-008
-- param: max_tries double 3 — tries of one target on average; who wants something tries again
-- attack: T1046, T1018
-- false positives: an application whose many peers are all refused by a new rule: it tries each again and again (more than max_tries), and is left out; monitoring, node ports and Services' pods are left out
-- explanation: {text_source} tried {target_count} doors ({host_count} hosts, {port_count} ports) once or twice each over {hours} hours, and {failed_share:percent} of them were refused or never answered ({text_outcome}). Slow as it is, that is what a search for open ports looks like.
-- fix: Find out what runs on {text_source}; cordon and drain the node, or isolate the pod with a NetworkPolicy. Doors that were open are in the evidence (openDoors).{text_trusting}
-- evidence-sql: select time, last_time, tuples, outcome, src_ip, src_port, dst_ip, dst_port, dst_kind, dst_name, nsg, rule_name from slow_tries where src_ip = {source} and time between {first_seen} and {last_seen}

with targets as (
  select
    t.src_ip as src_ip, t.dst_ip as dst_ip, t.dst_port as dst_port, t.protocol as protocol,
    count(*) as tries,
    min(t.time) as first_seen,
    max(t.time) as last_seen,
    (count(*) filter (where t.outcome = 'refused') * 2 >= count(*) or (bool_and(t.outcome = 'sent' and t.dst_kind = 'vnet') and bool_and(a.src_ip is null)))::boolean as failed
  from slow_tries t
  left join answered_tries a on a.src_ip = t.src_ip and a.dst_ip = t.dst_ip and a.dst_port = t.dst_port and a.protocol = t.protocol
  group by t.src_ip, t.dst_ip, t.dst_port, t.protocol
), sources_of as (
  select
    src_ip,
    count(*) as target_count,
    count(*) filter (where failed) as failed,
    count(distinct dst_ip) as host_count,
    count(distinct dst_port) as port_count,
    sum(tries)::bigint as tries,
    min(first_seen) as first_seen,
    max(last_seen) as last_seen,
    sorted_set(case when not failed then dst_ip || ':' || dst_port end) as open_doors
  from targets
  group by src_ip
), slow as (
  select *
  from sources_of
  where target_count >= coalesce(getvariable('min_targets'), 30)
    and failed >= coalesce(getvariable('min_failed_share'), 0.8) * target_count
    and epoch_ms(last_seen) - epoch_ms(first_seen) >= coalesce(getvariable('min_minutes'), 30) * 60000
    and tries <= coalesce(getvariable('max_tries'), 3) * target_count
), grouped as (
  select
    t.src_ip as src_ip,
    min(t.src_kind) as src_kind,
    min(t.src_name) as src_name,
    min(t.src_node) as src_node,
    min(t.src_pod) as src_pod,
    min(t.src_role) as src_role,
    count(*) as count,
    count(*) filter (where t.outcome = 'arrived') as arrived,
    count(*) filter (where t.outcome = 'refused') as refused,
    count(*) filter (where t.outcome = 'sent') as sent,
    sorted_set(case when t.dst_kind = 'node' then t.dst_node end) as nodes,
    sorted_set(t.dst_ip) as destinations,
    sorted_set(t.dst_port) as ports,
    sorted_set(t.admitted_by) as admitted_by,
    sorted_set(t.refused_by) as refused_by,
    min(t.nsg) as nsg,
    min(t.rule_name) as rule,
    count(distinct t.nsg || '/' || t.rule_name) as deciders
  from slow_tries t
  where t.src_ip in (select src_ip from slow)
  group by t.src_ip
), joined as (
  select
    g.*,
    s.target_count as target_count, s.failed as failed, s.host_count as host_count, s.port_count as port_count, s.first_seen as first_seen, s.last_seen as last_seen, s.open_doors as open_doors
  from grouped g
  join (
    select src_ip as slow_ip, target_count, failed, host_count, port_count, first_seen, last_seen, open_doors from slow
  ) s on s.slow_ip = g.src_ip
), with_pods as (
  select j.*, hidden_pods(j.src_kind, j.src_node, j.first_seen, j.last_seen) as pods
  from joined j
)
select
  'slow scan from ' || coalesce(src_name, src_ip) as subject,
  first_seen,
  last_seen,
  count,
  'high' as severity,
  'medium' as confidence,
  src_ip as source,
  src_node as source_node,
  destinations[1] as destination,
  nodes,
  case when deciders = 1 then nsg end as nsg,
  case when deciders = 1 then rule end as rule,
  target_count,
  host_count,
  port_count,
  count as tries,
  arrived,
  refused,
  sent,
  round_to(failed / target_count, 3) as failed_share,
  round_to((epoch_ms(last_seen) - epoch_ms(first_seen)) / 3600000.0, 1) as hours,
  ports,
  destinations,
  open_doors,
  admitted_by,
  refused_by,
  src_pod as source_pod,
  src_role as source_role,
  pods as candidate_pods,
  who(src_name, src_ip) as text_source,
  outcome_text(arrived, admitted_by, refused, refused_by, sent) as text_outcome,
  trusting_text(admitted_by) as text_trusting,
  without_nulls([pods_of_source(src_node, pods)]) as limits
from with_pods
order by subject, source;
