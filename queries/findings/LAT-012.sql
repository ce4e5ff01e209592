-- title: The cluster reaches for machines outside of it
-- question: Which node or pod connects to virtual machines that nobody declared as its dependency?
-- severity: medium
-- confidence: medium
-- inputs: nodes, nics, pods?, nsgs?, clusters?, addresses
-- attack: T1021, T1210
-- false positives: databases and other services on machines that the cluster uses on purpose: declare them in flowlog.json under dependencies
-- explanation: {text_source} connected to {text_destinations} port {port}, machines outside the cluster that are not declared as its dependencies: {tries} tries, {text_outcome}.{text_steady}
-- fix: If it is wanted, declare it in flowlog.json under dependencies. If not: on the NSG of the node subnet, an outbound Deny with destination the machines' subnet behind the Allows for what is needed, or an inbound Deny on the machines' NSG with source the node subnets.
-- evidence-sql: select time, last_time, tuples, outcome, src_ip, src_port, dst_ip, dst_port, dst_name, nsg, rule_name from attempts where dst_kind = 'vm' and src_ip = {source} and protocol = {ip_protocol} and dst_port = {port} and dst_ip in {destinations} and time between {first_seen} and {last_seen}

with logged as (
  select min(first_seen) as since, max(last_seen) as until from log_summary
), tries as (
  select a.*
  from attempts a
  where a.dst_kind = 'vm'
    and a.src_kind in ('node', 'pod', 'pod_unknown')
    -- A machine's own port below 1024 on the cluster's side, or a high port on the machine's: ends that the log swapped.
    and not (a.dst_port >= 32768 and coalesce(a.src_port, 65535) < 32768)
    and (a.src_id, a.dst_id, a.dst_port) not in (select src_id, dst_id, dst_port from declared_flows)
), grouped as (
  select
    src_ip,
    protocol,
    dst_port,
    min(src_kind) as src_kind,
    min(src_name) as src_name,
    min(src_node) as src_node,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) as tries,
    count(*) filter (where outcome = 'arrived') as arrived,
    count(*) filter (where outcome = 'refused') as refused,
    count(*) filter (where outcome = 'sent') as sent,
    sorted_set(dst_ip) as destinations,
    sorted_set(coalesce(dst_name, dst_ip)) as names,
    max(nsg) as nsg,
    max(rule_name) as rule,
    sorted_set(admitted_by) as admitted_by,
    sorted_set(refused_by) as refused_by
  from tries
  group by src_ip, protocol, dst_port
), attributed as (
  select
    g.*,
    hidden_pods(g.src_kind, g.src_node, g.first_seen, g.last_seen) as candidate_pods,
    -- As old as the logs, as long as they, and never refused: who breaks in comes later.
    (g.refused = 0 and g.tries >= 10
      and epoch_ms(l.until) - epoch_ms(l.since) >= 6 * 3600000
      and epoch_ms(g.first_seen) - epoch_ms(l.since) <= 0.1 * (epoch_ms(l.until) - epoch_ms(l.since))
      and epoch_ms(l.until) - epoch_ms(g.last_seen) <= 0.1 * (epoch_ms(l.until) - epoch_ms(l.since)))::boolean as steady
  from grouped g
  cross join logged l
)
select
  coalesce(src_name, src_ip) || ' to machines port ' || dst_port as subject,
  first_seen,
  last_seen,
  tries as count,
  case
    when arrived + sent = 0 or (steady and dst_port not in (select port from admin_ports where administers = 'machine')) then 'low'
    when dst_port in (select port from admin_ports where administers = 'machine') or dst_port in (1433, 1521, 3306, 5432, 6379, 9042, 9200, 11211, 27017) then 'high'
    else 'medium'
  end as severity,
  case when arrived > 0 then 'medium' else 'low' end as confidence,
  src_ip as source,
  src_node as source_node,
  destinations[1] as destination,
  without_nulls([src_node]) as nodes,
  nsg,
  rule,
  dst_port as port,
  protocol::integer as ip_protocol,
  tries,
  arrived,
  refused,
  sent,
  destinations,
  steady,
  candidate_pods,
  case when steady then ' It goes on evenly since before these logs begin, as a dependency does.' else '' end as text_steady,
  coalesce(src_name, src_ip) || case when src_name is null or src_name = src_ip then '' else ' (' || src_ip || ')' end as text_source,
  some_of(names) as text_destinations,
  outcome_text(arrived, admitted_by, refused, refused_by, sent) as text_outcome,
  without_nulls([
    case when src_kind = 'node' then pods_of_source(src_node, candidate_pods) end,
    case when sent > 0 then sent || ' tries are seen leaving only: the log of the machine is missing, so whether they got in is not known.' end
  ]) as limits
from attributed
order by subject, source;
