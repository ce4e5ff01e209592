-- title: Beaconing: connections as regular as a clock
-- question: Who calls the same peer again and again at an even interval, for no known reason?
-- severity: medium
-- confidence: medium
-- inputs: nodes, endpoints, pods?, services?, service_ports?, nsgs?, clusters?, addresses
-- param: min_connections integer 24 — connections of one pair
-- param: min_hours double 6 — from the first to the last one
-- param: max_variation double 0.15 — of the intervals: median absolute deviation over median
-- param: min_interval double 10 — median interval in seconds, at least
-- param: max_interval double 7200 — median interval in seconds, at most
-- param: min_score double 0.6 — the score from which on it is reported
-- param: common_share double 0.5 — a peer that so many of the nodes call is infrastructure
-- attack: T1071.001, T1571, T1071.004, T1029
-- false positives: cron jobs and monitoring of outside addresses (declare them in flowlog.json); clients of a message broker that reconnect on a timer
-- explanation: {text_source} contacts {peer} port {port} every {text_interval} with little variation: {connections} connections in {hours} hours. Score {score} of 1: regularity {regularity}, persistence {persistence}, even size {evenness}, rarity {rarity} (weights 0.45, 0.2, 0.15, 0.2).{text_job}
-- fix: Find the process or pod behind {text_source}. To cut it off, add an outbound Deny on the NSG of its subnet: destination {peer}, port {port}. If it is wanted, declare it in flowlog.json under dependencies.
-- limits: NSG flow logs know seconds only, and a connection that is kept open shows up as one connection however often it is used.
-- evidence-sql: select time, mac, direction, decision, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from rhythm_connections where src_ip = {source} and peer = {peer} and dst_port = {port} and protocol = {ip_protocol} and time between {first_seen} and {last_seen}

with connections_to_judge as materialized (
  select
    time, src_ip, src_port, src_kind, src_name, src_node, dst_ip, dst_port, dst_kind, peer, protocol, nsg, rule_name, log_id, record_index, tuple_index
  from rhythm_connections
), spaced as (
  select
    *,
    (epoch_ms(time) - epoch_ms(lag(time) over pair)) / 1000.0 as gap
  from connections_to_judge
  window pair as (partition by src_ip, peer, dst_port, protocol order by time, src_port, log_id, record_index, tuple_index)
), pairs as (
  select
    src_ip,
    peer,
    dst_port,
    protocol,
    count(*) as connections,
    min(time) as first_seen,
    max(time) as last_seen,
    exact_median(gap) as interval,
    mad(gap) as deviation,
    min(src_kind) as src_kind,
    min(src_name) as src_name,
    min(src_node) as src_node,
    min(dst_kind) as dst_kind,
    sorted_set(dst_ip) as destinations,
    max(nsg) as nsg,
    max(rule_name) as rule
  from spaced
  group by src_ip, peer, dst_port, protocol
  having count(*) >= coalesce(getvariable('min_connections'), 24)
    and epoch_ms(max(time)) - epoch_ms(min(time)) >= coalesce(getvariable('min_hours'), 6) * 3600000
), even as (
  select *
  from pairs
  where interval between coalesce(getvariable('min_interval'), 10) and coalesce(getvariable('max_interval'), 7200)
    and deviation / interval <= coalesce(getvariable('max_variation'), 0.15)
), callers as (
  select peer, count(distinct coalesce(src_node, src_ip)) as callers
  from connections_to_judge
  group by peer
), sizes as (
  -- Counters come with the end of a flow: they are summed up per connection.
  select e.src_ip, e.peer, e.dst_port, e.protocol, exact_median(c.bytes) as size, mad(c.bytes) as size_deviation
  from even e
  join (
    select src_ip, src_port, dst_ip, dst_port, protocol, max(bytes) as bytes
    from (
      select mac, src_ip, src_port, dst_ip, dst_port, protocol, sum(coalesce(bytes_sent, 0) + coalesce(bytes_received, 0)) as bytes
      from lake_tuples
      where (src_ip, dst_port, protocol) in (select src_ip, dst_port, protocol from even)
      group by mac, src_ip, src_port, dst_ip, dst_port, protocol
      having sum(coalesce(bytes_sent, 0) + coalesce(bytes_received, 0)) > 0
    )
    group by src_ip, src_port, dst_ip, dst_port, protocol
  ) c on c.src_ip = e.src_ip and c.dst_port = e.dst_port and c.protocol = e.protocol and list_contains(e.destinations, c.dst_ip)
  group by e.src_ip, e.peer, e.dst_port, e.protocol
), parts as (
  select
    *,
    (select count(distinct node) from nodes) as node_count,
    round_to(1 - deviation / interval, 3) as regularity,
    round_to(least(1.0, (connections - 1) * interval * 1000 / (epoch_ms(last_seen) - epoch_ms(first_seen))), 3) as persistence,
    round_to(case when size is null then 0.5 else greatest(0, 1 - size_deviation / greatest(size, 1)) end, 3) as evenness,
    round_to(1 - (callers - 1) / greatest((select count(distinct node) from nodes), 1), 3) as rarity
  from even
  join callers using (peer)
  left join sizes using (src_ip, peer, dst_port, protocol)
), scored as (
  select *, round_to(0.45 * regularity + 0.2 * persistence + 0.15 * evenness + 0.2 * rarity, 3) as score
  from parts
  -- What every other node calls as well (the API server, a registry, telemetry) is no single beacon.
  where not (callers >= 3 and callers >= coalesce(getvariable('common_share'), 0.5) * node_count)
), at_place as (
  select src_ip, peer, dst_port, protocol, interval, first_seen, last_seen, src_ip as place from scored
  union all
  select src_ip, peer, dst_port, protocol, interval, first_seen, last_seen, src_node from scored where src_kind = 'node' and src_node is not null
), job_places as (
  select workload, created, cadence, ip as place from job_rhythms where ip is not null
  union all
  select workload, created, cadence, node from job_rhythms where node is not null
), jobs as (
  -- A workload whose pods begin in the same rhythm at this source, each within two minutes before a connection.
  select a.src_ip as src_ip, a.peer as peer, a.dst_port as dst_port, a.protocol as protocol, min(j.workload) as job
  from at_place a
  join job_places j on j.place = a.place
  join connections_to_judge c on c.src_ip = a.src_ip and c.peer = a.peer and c.dst_port = a.dst_port and c.protocol = a.protocol
  where j.created between a.first_seen and a.last_seen
    and a.interval >= 0.9 * j.cadence
    and abs(a.interval / j.cadence - round_to(a.interval / j.cadence, 0)) <= 0.1
    and epoch_ms(c.time) between epoch_ms(j.created) and epoch_ms(j.created) + 120000
  group by a.src_ip, a.peer, a.dst_port, a.protocol
), attributed as (
  select
    *,
    hidden_pods(src_kind, src_node, first_seen, last_seen) as candidate_pods
  from scored
  left join jobs using (src_ip, peer, dst_port, protocol)
)
select
  coalesce(src_name, src_ip) || ' to ' || peer || ' port ' || dst_port as subject,
  first_seen,
  last_seen,
  connections as count,
  case when job is not null then 'info' when dst_kind = 'public' and callers = 1 and node_count >= 3 then 'high' else 'medium' end as severity,
  case when score >= 0.85 then 'medium' else 'low' end as confidence,
  src_ip as source,
  src_node as source_node,
  destinations[1] as destination,
  without_nulls([src_node]) as nodes,
  nsg,
  rule,
  dst_port as port,
  peer,
  protocol::integer as ip_protocol,
  connections,
  score,
  regularity,
  persistence,
  evenness,
  rarity,
  round_to(interval, 1) as interval_seconds,
  round_to(deviation, 2) as deviation_seconds,
  round_to((epoch_ms(last_seen) - epoch_ms(first_seen)) / 3600000.0, 1) as hours,
  size as median_bytes,
  callers,
  destinations,
  case when protocol = 6 and dst_port in (80, 443, 8080, 8443) then ['T1071.001', 'T1029'] when dst_port = 53 then ['T1071.004', 'T1029'] when is_usual_port(dst_port) then ['T1071', 'T1029'] else ['T1571', 'T1029'] end as attack,
  candidate_pods,
  job,
  case when job is not null then ' The pods of ' || job || ' begin in the same rhythm, each within two minutes before a connection: that explains it.' else '' end as text_job,
  coalesce(src_name, src_ip) || case when src_name is null or src_name = src_ip then '' else ' (' || src_ip || ')' end as text_source,
  case when interval < 120 then round_text(interval, 1) || ' seconds' else round_text(interval / 60, 1) || ' minutes' end as text_interval,
  without_nulls([
    case when src_kind = 'node' then pods_of_source(src_node, candidate_pods) end,
    case when size is null then 'The logs carry no byte counts for these connections, so their size counts half.' end,
    case when len(destinations) > 1 then 'The peer is a group of ' || len(destinations) || ' addresses of one /24.' end
  ]) as limits
from attributed
where score >= coalesce(getvariable('min_score'), 0.6)
order by subject;
