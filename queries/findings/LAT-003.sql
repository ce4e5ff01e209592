-- title: Remote administration of a node from inside the network
-- question: Who reached for SSH, RDP, WinRM, SMB, VNC, Telnet or Docker on a node?
-- severity: high
-- confidence: medium
-- inputs: nodes, pods?, clusters?, nsgs?, nics?, addresses
-- param: allowed_sources varchar '' — addresses or prefixes of jump hosts, by comma
-- param: brute_force integer 10 — tries at one node and port within 5 minutes; more are brute force
-- attack: T1021
-- false positives: jump hosts that are not in allowed_sources; Azure Bastion is told by its subnet and left out, and so are refused tries that belong to a port scan (LAT-008). Node image upgrades and run-command need none of these protocols
-- explanation: {text_source} reached for {protocol} (port {text_ports}) on {text_nodes}: {tries} tries, {text_outcome}{text_brute}. Nodes are normally administered from a bastion or a jump host only.
-- fix: Find out who works on {text_source}. On the NSGs of the node subnets, add an inbound Deny: source the node subnets and the pod CIDR, destination the node subnets, TCP ports {text_ports}, with a priority below that of every broad allow, and above it an Allow for the bastion's prefix.{text_ssh}{text_trusting}
-- limits: The log shows connections, not log-ins: whether anybody got a shell is in the node's own journal.
-- evidence-sql: select time, last_time, tuples, outcome, src_ip, src_port, dst_ip, dst_port, dst_node, nsg, rule_name from attempts a where dst_kind = 'node' and protocol = 6 and src_ip = {source} and dst_port in {ports} and time between {first_seen} and {last_seen} and not (outcome = 'refused' and exists (select 1 from port_scans s where s.src_ip = a.src_ip and s.dst_ip = a.dst_ip and a.time between s.first_seen and s.last_seen))

with tries as (
  select
    a.*,
    p.name,
    p.strength as strength,
    p.technique,
    count(*) over (partition by a.src_ip, a.dst_ip, a.dst_port order by epoch_ms(a.time) range between 300000 preceding and current row) as recent
  from attempts a
  join admin_ports p on p.port = a.dst_port and p.administers = 'machine'
  where a.dst_kind = 'node'
    and a.protocol = 6
    and a.src_kind in ('node', 'pod', 'pod_unknown', 'vm')
    and not is_bastion(a.src_ip)
    and not in_prefixes(a.src_ip, getvariable('allowed_sources'))
    and not (a.outcome = 'refused' and exists (
      select 1 from port_scans s where s.src_ip = a.src_ip and s.dst_ip = a.dst_ip and a.time between s.first_seen and s.last_seen
    ))
), grouped as (
  select
    src_ip,
    name,
    any_value(strength) as strength,
    any_value(technique) as technique,
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
    max(recent) as most_in_5_minutes,
    sorted_set(dst_port) as ports,
    sorted_set(dst_node) as nodes,
    sorted_set(case when outcome = 'arrived' then dst_node end) as reached_nodes,
    sorted_set(dst_ip) as destinations,
    sorted_set(admitted_by) as admitted_by,
    sorted_set(refused_by) as refused_by,
    min(nsg) filter (where outcome = 'arrived' or refused_by is not null) as nsg,
    min(rule_name) filter (where outcome = 'arrived' or refused_by is not null) as rule,
    count(distinct nsg || '/' || rule_name) as deciders
  from tries
  group by src_ip, name
), judged as (
  select
    g.*,
    most_in_5_minutes > coalesce(getvariable('brute_force'), 10) as brute_force,
    case when strength = 'strong' and arrived + sent > 0 then 2 else 1 end
      + case when src_role = 'user' or most_in_5_minutes > coalesce(getvariable('brute_force'), 10) then 1 else 0 end as weight,
    hidden_pods(g.src_kind, g.src_node, g.first_seen, g.last_seen) as pods
  from grouped g
)
select
  name || ' from ' || coalesce(src_name, src_ip) as subject,
  first_seen,
  last_seen,
  count,
  ['medium', 'high', 'critical'][weight] as severity,
  case when arrived > 0 or refused > 0 then 'high' else 'medium' end as confidence,
  src_ip as source,
  src_node as source_node,
  destinations[1] as destination,
  nodes,
  case when deciders = 1 then nsg end as nsg,
  case when deciders = 1 then rule end as rule,
  ports[1] as port,
  ports,
  name as protocol,
  case when name = 'SSH' then ' On AKS also disable SSH on the node pools (az aks nodepool update --ssh-access disabled).' else '' end as text_ssh,
  count as tries,
  arrived,
  refused,
  sent,
  most_in_5_minutes,
  destinations,
  reached_nodes,
  admitted_by,
  refused_by,
  src_pod as source_pod,
  src_role as source_role,
  pods as candidate_pods,
  who(src_name, src_ip) as text_source,
  array_to_string(ports, ', ') as text_ports,
  some_of(nodes) as text_nodes,
  outcome_text(arrived, admitted_by, refused, refused_by, sent) as text_outcome,
  trusting_text(admitted_by) as text_trusting,
  case when brute_force then '; up to ' || most_in_5_minutes || ' at one node within 5 minutes, which looks like guessing of passwords' else '' end as text_brute,
  without_nulls([technique, case when technique = 'T1610' then 'T1609' end, case when brute_force then 'T1110' end]) as attack,
  without_nulls([
    pods_of_source(src_node, pods),
    sent_only_text(sent)
  ]) as limits
from judged
order by subject, source;
