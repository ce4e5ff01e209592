-- title: Horizontal scan: one port on many hosts
-- question: Which source tried one port on many nodes, pods or machines within ten minutes, mostly in vain?
-- severity: high
-- confidence: medium
-- inputs: nodes, pods?, endpoints?, clusters?, nsgs?, nics?, addresses
-- param: min_hosts integer 10 — nodes, pods and machines tried within 10 minutes
-- param: min_node_share double 0.3 — or this share of the nodes
-- param: min_nodes integer 5 — which must be so many nodes at least
-- param: min_refused_share double 0.5 — of the hosts, those that refused half of the tries
-- param: max_packets double 2 — packets of a flow on average, below which nothing was really said
-- attack: T1046, T1018
-- false positives: scrapers on their ports, connections to the endpoints of Services (second hops, cluster DNS, applications), the mesh of Cilium's health checks; all of these are left out
-- explanation: {text_source} tried port {port} on {host_count} hosts within {text_minutes}{text_empty}, {refused_share:percent} of them refused ({text_outcome}){text_packets}. That is what a search for open ports looks like.
-- fix: Find out what runs on {text_source}; cordon and drain the node, or isolate the pod with a NetworkPolicy.{text_trusting}
-- limits: A sweep over nothing but endpoints of Services looks like ordinary traffic and is not reported.
-- evidence-sql: select time, last_time, tuples, outcome, src_ip, src_port, dst_ip, dst_port, dst_kind, dst_name, nsg, rule_name from attempts where src_ip = {source} and protocol = {ip_protocol} and dst_port = {port} and time between {first_seen} and {last_seen}

with tries as (
  select a.*
  from attempts a
  where coalesce(a.src_kind, '') <> 'apiserver'
    -- A node's own port that a Service names, such as an exporter's; the kubelet's is worth a look all the same.
    and not (a.to_endpoint and a.dst_port <> 10250)
    and not (a.src_kind = 'node' and a.dst_kind = 'node' and a.dst_port in (4240, 4244, 5473, 51871))
    and not (a.dst_port in (9100, 9962, 9963, 9964, 9965, 10249, 10250, 10256, 19100) and exists (
      select 1 from kubelet_clients k where k.ip = a.src_ip and a.time >= k.valid_from and a.time < k.valid_to
    ))
    and (a.src_ip, a.dst_port) not in (select src_ip, dst_port from steady_scrapers)
), marked as (
  select t.*, o.phase, int_div(epoch_ms(time) + o.phase, 600000) as number
  from tries t
  cross join (select unnest([0, 300000]) as phase) o
), hosts as (
  select
    m.src_ip as src_ip, m.protocol as protocol, m.dst_port as dst_port, phase, number, m.dst_ip as dst_ip,
    case when any_value(dst_kind) <> 'vnet' then 'known' when bool_or(a.src_ip is not null) or bool_or(m.outcome = 'arrived') then 'stranger' else 'nobody' end as host,
    any_value(dst_kind) as kind,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) filter (where outcome = 'refused') * 2 >= count(*) as refuses
  from marked m
  left join answered_tries a on a.src_ip = m.src_ip and a.dst_ip = m.dst_ip and a.dst_port = m.dst_port and a.protocol = m.protocol
  group by m.src_ip, m.protocol, m.dst_port, phase, number, m.dst_ip
), windows as (
  select
    src_ip, protocol, dst_port, phase, number,
    min(first_seen) as first_seen,
    max(last_seen) as last_seen,
    count(*) as hosts,
    count(*) filter (where kind in ('node', 'pod', 'pod_unknown', 'vm') or host = 'nobody') as known,
    count(*) filter (where (kind in ('node', 'pod', 'pod_unknown', 'vm') and refuses) or host = 'nobody') as refusing,
    count(*) filter (where kind = 'node') as nodes
  from hosts
  group by src_ip, protocol, dst_port, phase, number
), wide as (
  select *
  from windows
  where hosts >= coalesce(getvariable('min_hosts'), 10)
    or nodes >= greatest(coalesce(getvariable('min_nodes'), 5), coalesce(getvariable('min_node_share'), 0.3) * (select count(distinct node) from nodes))
), volumes as (
  -- Counters come with the end of a flow, not with its begin.
  select t.src_ip, t.src_port, t.dst_ip, t.dst_port, t.protocol, t.mac, t.time, t.packets_sent + coalesce(t.packets_received, 0) as packets
  from lake_tuples t
  where t.packets_sent is not null
    and (t.src_ip, t.dst_port, t.protocol) in (select src_ip, dst_port, protocol from wide)
), spoken as (
  select w.src_ip, w.protocol, w.dst_port, w.phase, w.number, v.mac, v.src_port, v.dst_ip, sum(v.packets) as packets
  from wide w
  join volumes v on v.src_ip = w.src_ip and v.protocol = w.protocol and v.dst_port = w.dst_port
    and v.time >= w.first_seen and epoch_ms(v.time) <= epoch_ms(w.last_seen) + 600000
  group by w.src_ip, w.protocol, w.dst_port, w.phase, w.number, v.mac, v.src_port, v.dst_ip
), means as (
  select src_ip, protocol, dst_port, phase, number, avg(packets) as packets
  from spoken
  group by src_ip, protocol, dst_port, phase, number
), loud as (
  select w.*, m.packets
  from wide w
  left join means m using (src_ip, protocol, dst_port, phase, number)
  where (w.refusing >= coalesce(getvariable('min_refused_share'), 0.5) * w.known and w.known > 0
      and (w.known >= coalesce(getvariable('min_hosts'), 10)
        or w.nodes >= greatest(coalesce(getvariable('min_nodes'), 5), coalesce(getvariable('min_node_share'), 0.3) * (select count(distinct node) from nodes))))
    or m.packets <= coalesce(getvariable('max_packets'), 2)
), joined as (
  select
    *,
    case when first_seen <= max(last_seen) over (
      partition by src_ip, protocol, dst_port order by first_seen, last_seen, phase rows between unbounded preceding and 1 preceding
    ) then 0 else 1 end as starts
  from loud
), numbered as (
  select *, sum(starts) over (partition by src_ip, protocol, dst_port order by first_seen, last_seen, phase rows between unbounded preceding and current row) as scan
  from joined
), spans as (
  select src_ip, protocol, dst_port, scan, min(first_seen) as first_seen, max(last_seen) as last_seen, min(packets) as packets
  from numbered
  group by src_ip, protocol, dst_port, scan
), paused as (
  select
    s.src_ip, s.protocol, s.dst_port, s.scan, a.time, a.dst_ip,
    case when epoch_ms(a.time) - epoch_ms(lag(a.time) over (partition by s.src_ip, s.protocol, s.dst_port, s.scan order by a.time, a.dst_ip, a.src_port)) <= 120000 then 0 else 1 end as starts
  from spans s
  join attempts a on a.src_ip = s.src_ip and a.protocol = s.protocol and a.dst_port = s.dst_port and a.time between s.first_seen and s.last_seen
), bursts as (
  select *, sum(starts) over (partition by src_ip, protocol, dst_port, scan order by time, dst_ip rows between unbounded preceding and current row) as burst
  from paused
), sized as (
  select src_ip, protocol, dst_port, scan, burst, min(time) as first_seen, max(time) as last_seen, count(distinct dst_ip) as hosts
  from bursts
  group by src_ip, protocol, dst_port, scan, burst
), scans as (
  -- One or two hosts long before or after are something else that happened to lie in the window.
  select
    z.src_ip, z.protocol, z.dst_port, z.scan,
    coalesce(min(z.first_seen) filter (where z.hosts >= 3), min(z.first_seen)) as first_seen,
    coalesce(max(z.last_seen) filter (where z.hosts >= 3), max(z.last_seen)) as last_seen,
    min(s.packets) as packets
  from sized z
  join spans s using (src_ip, protocol, dst_port, scan)
  group by z.src_ip, z.protocol, z.dst_port, z.scan
), at_host as (
  select
    s.src_ip, s.protocol, s.dst_port, s.scan, a.dst_ip,
    any_value(a.dst_kind) as kind,
    count(*) filter (where a.outcome = 'refused') * 2 >= count(*) as refuses
  from scans s
  join attempts a on a.src_ip = s.src_ip and a.protocol = s.protocol and a.dst_port = s.dst_port and a.time between s.first_seen and s.last_seen
  group by s.src_ip, s.protocol, s.dst_port, s.scan, a.dst_ip
), shares as (
  select
    src_ip, protocol, dst_port, scan,
    count(*) filter (where kind <> 'vnet') as host_count,
    count(*) filter (where kind = 'vnet') as empty_count,
    count(*) filter (where kind <> 'vnet' and refuses) / nullif(count(*) filter (where kind <> 'vnet'), 0) as refused_share
  from at_host
  group by src_ip, protocol, dst_port, scan
), grouped as (
  select
    s.src_ip, s.protocol, s.dst_port, s.scan,
    any_value(s.packets) as packets,
    min(a.src_kind) as src_kind,
    min(a.src_name) as src_name,
    min(a.src_node) as src_node,
    min(a.src_pod) as src_pod,
    min(a.src_role) as src_role,
    min(a.time) as first_seen,
    max(a.time) as last_seen,
    count(*) as count,
    count(*) filter (where a.outcome = 'arrived') as arrived,
    count(*) filter (where a.outcome = 'refused') as refused,
    count(*) filter (where a.outcome = 'sent') as sent,
    sorted_set(case when a.dst_kind = 'node' then a.dst_node end) as nodes,
    sorted_set(a.dst_ip) as destinations,
    sorted_set(a.admitted_by) as admitted_by,
    sorted_set(a.refused_by) as refused_by,
    min(a.nsg) as nsg,
    min(a.rule_name) as rule,
    count(distinct a.nsg || '/' || a.rule_name) as deciders
  from scans s
  join attempts a on a.src_ip = s.src_ip and a.protocol = s.protocol and a.dst_port = s.dst_port and a.time between s.first_seen and s.last_seen
  group by s.src_ip, s.protocol, s.dst_port, s.scan
), with_pods as (
  select
    g.*,
    h.host_count,
    h.empty_count,
    h.refused_share,
    hidden_pods(g.src_kind, g.src_node, g.first_seen, g.last_seen) as pods
  from grouped g
  join shares h using (src_ip, protocol, dst_port, scan)
)
select
  'port ' || dst_port || ' from ' || coalesce(src_name, src_ip) as subject,
  first_seen,
  last_seen,
  count,
  case when src_kind = 'public' then 'info' else 'high' end as severity,
  'medium' as confidence,
  src_ip as source,
  src_node as source_node,
  destinations[1] as destination,
  nodes,
  case when deciders = 1 then nsg end as nsg,
  case when deciders = 1 then rule end as rule,
  dst_port as port,
  protocol as ip_protocol,
  count as tries,
  arrived,
  refused,
  sent,
  host_count,
  empty_count,
  coalesce(refused_share, 0.0) as refused_share,
  round_to(packets, 1) as mean_packets,
  destinations,
  admitted_by,
  refused_by,
  src_pod as source_pod,
  src_role as source_role,
  pods as candidate_pods,
  who(src_name, src_ip) as text_source,
  minutes_text(first_seen, last_seen) as text_minutes,
  case when empty_count > 0 then ' and on ' || empty_count || ' addresses that nobody has' else '' end as text_empty,
  outcome_text(arrived, admitted_by, refused, refused_by, sent) as text_outcome,
  trusting_text(admitted_by) as text_trusting,
  case when packets <= coalesce(getvariable('max_packets'), 2) then '; flows that were let in carried ' || round_text(packets, 1) || ' packets on average' else '' end as text_packets,
  without_nulls([pods_of_source(src_node, pods)]) as limits
from with_pods
order by subject, source, first_seen;
