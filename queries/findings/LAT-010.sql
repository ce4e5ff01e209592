-- title: First contact between two parts of the cluster
-- question: Which workloads or pools talked to each other for the first time in days?
-- severity: low
-- confidence: medium
-- inputs: nodes, pods?, nsgs?, nics?, addresses
-- param: min_days integer 3 — days of logs or of the baseline that must lie before the first contact
-- param: good_days integer 7 — days from which on the history is a good one
-- param: recent_days double 7 — how far back from the last tuple a first contact is still news
-- attack: T1021
-- false positives: a new deployment (a workload that is itself new is reported as info); traffic that happens once a month
-- explanation: First contact {source_name} to {destination_name} port {port} in {history_days} days of history: {connections} connections since {first_seen}, {refused} of them refused.{text_rollout}{text_crossing}
-- fix: If this is wanted, nothing is to be done: it is part of the baseline from now on. If not, see which rule admits it ({nsg}/{rule}) and what runs at {source}.
-- limits: Ends are compared by workload and pool, never by address, so that rollouts, scale-out and reused addresses are no first contacts; a new pod of a known workload that misbehaves as its siblings do is not seen.
-- evidence-sql: select time, mac, direction, decision, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from edge_tuples where source = {source_name} and destination = {destination_name} and dst_port = {port} and protocol = {ip_protocol} and is_new and time between {first_seen} and {last_seen}

with ends as (
  select source, destination, port, protocol, min(first_seen) as first_seen
  from known_edges
  group by source, destination, port, protocol
), last as (
  select max(last_seen) as time from log_summary
), workloads as (
  select name, min(first_seen) as first_seen
  from (
    select source as name, first_seen from known_edges
    union all
    select destination, first_seen from known_edges
  )
  group by name
), born as (
  select workload as name, min(created) as created from pods where workload is not null group by workload
), news as (
  select
    e.*,
    (select count(distinct k.day) from known_edges k where k.day < bucket(e.first_seen, 86400)) as history_days
  from ends e, last l
  where epoch_ms(e.first_seen) > epoch_ms(l.time) - coalesce(getvariable('recent_days'), 7) * 86400000
), aged as (
  select * from news where history_days >= coalesce(getvariable('min_days'), 3)
), rows_of as (
  select
    a.source as source, a.destination as destination, a.port, a.protocol as protocol, a.first_seen as first_seen, a.history_days,
    max(t.last_new) as last_seen,
    sum(t.connections)::bigint as count,
    sum(t.refused)::bigint as refused,
    min(t.src_ip) as source_ip,
    min(t.src_node) as source_node,
    min(t.dst_ip) as destination_ip,
    sorted_set(t.dst_node) as nodes,
    max(k.nsg) as nsg,
    max(k.rule_name) as rule,
    min(t.src_role) as src_role,
    min(t.dst_role) as dst_role,
    min(t.dst_kind) as dst_kind,
    min(t.src_kind) as src_kind,
    bool_or(t.service is not null) as to_service
  from aged a
  join edge_hours t on t.source = a.source and t.destination = a.destination and t.dst_port = a.port and t.protocol = a.protocol
    and t.connections > 0
  left join tuple_kinds k on k.kind_id = t.kind_id
  group by a.source, a.destination, a.port, a.protocol, a.first_seen, a.history_days
), judged as (
  select
    r.*,
    r.src_role = 'user' and r.dst_role = 'system' as to_system,
    r.src_role = 'user' and r.dst_role = 'ingress' and r.dst_kind = 'node' as to_ingress_node,
    r.dst_kind in ('vm', 'vnet') and not r.to_service as to_machines,
    -- One end came into being within the hour before: a deployment, not a new habit.
    (exists (select 1 from workloads w where w.name in (r.source, r.destination) and epoch_ms(w.first_seen) >= epoch_ms(r.first_seen) - 3600000)
      or exists (select 1 from born b where b.name in (r.source, r.destination) and epoch_ms(b.created) between epoch_ms(r.first_seen) - 3600000 and epoch_ms(r.first_seen)))::boolean as rollout
  from rows_of r
), abuse as (
  -- Tries of remote-administration ports of a machine, and of the kubelet by whom it does not serve.
  select x.src_ip as src_ip, x.time as time
  from attempts x
  where x.dst_kind = 'node' and (x.dst_port in (select port from admin_ports where administers = 'machine')
    or (x.dst_port = 10250 and not exists (select 1 from kubelet_clients k where k.ip = x.src_ip and x.time >= k.valid_from and x.time < k.valid_to)
        and (x.src_ip, x.dst_port) not in (select src_ip, dst_port from steady_scrapers)))
), abused as (
  select r.source_ip as abused_from, r.first_seen as abused_since
  from rows_of r
  join abuse x on x.src_ip = r.source_ip
  where abs(epoch_ms(x.time) - epoch_ms(r.first_seen)) <= 3600000
  group by r.source_ip, r.first_seen
), told as (
  select j.*, (a.abused_from is not null)::boolean as with_abuse
  from judged j
  left join abused a on a.abused_from = j.source_ip and a.abused_since = j.first_seen
)
select
  source || ' to ' || destination || ' port ' || port as subject,
  first_seen,
  last_seen,
  count,
  case
    when with_abuse then 'high'
    when rollout then 'info'
    when to_system or to_ingress_node or to_machines then 'medium'
    else 'low'
  end as severity,
  case when history_days >= coalesce(getvariable('good_days'), 7) then 'medium' else 'low' end as confidence,
  source_ip as source,
  source_node,
  destination_ip as destination,
  nodes,
  nsg,
  rule,
  port,
  source as source_name,
  destination as destination_name,
  protocol as ip_protocol,
  count as connections,
  refused,
  history_days,
  rollout,
  with_abuse,
  case when rollout then ' One of the two is itself new, so a rollout explains it.' else '' end as text_rollout,
  case
    when with_abuse then ' Within the same hour ' || source_ip || ' tried remote-administration or kubelet ports (see LAT-003 and LAT-004).'
    when to_system then ' It crosses from the user pool into the system pool.'
    when to_ingress_node then ' It goes from the user pool to an ingress node itself.'
    when to_machines then ' It leaves the cluster for a machine.'
    else ''
  end as text_crossing
from told
order by subject;
