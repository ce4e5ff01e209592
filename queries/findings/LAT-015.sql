-- title: Far more bytes than usual between two parts of the network
-- question: Which edge carried more than a gigabyte in an hour, and ten times what it ever did?
-- severity: medium
-- confidence: low
-- inputs: nodes, nsgs?, nics?, addresses
-- param: min_bytes double 1000000000 — bytes in one hour
-- param: times_usual double 10 — times the 99th percentile of the busiest hours of earlier days
-- param: min_days integer 3 — days of history that the edge must have
-- attack: T1570, T1074
-- false positives: backups, restores and migrations
-- explanation: {source_name} and {destination_name} moved {gigabytes} GB over port {port} within the hour from {hour}; on {history_days} earlier days the busiest hour held {usual_megabytes} MB at most (99th percentile).
-- fix: Find out what was copied from {source} to {destination} and by whom. If it is a backup, declare it in flowlog.json under suppressions with a date.
-- limits: Flows whose counters the log leaves out (inbound TCP under user rules in NSG logs without a flow timeout) count nothing, so the real figure may be higher.
-- evidence-sql: select time, mac, direction, state, src_ip, src_port, dst_ip, dst_port, bytes_sent, bytes_received, blob, record_index, tuple_index from edge_tuples where source = {source_name} and destination = {destination_name} and dst_port = {port} and protocol = {ip_protocol} and direction = {direction} and coalesce(bytes_sent, bytes_received) is not null and time between {first_seen} and {last_seen} and bucket(time, 3600) = {hour}

with hours as (
  select
    source, destination, dst_port, protocol, hour, direction,
    sum(bytes) as bytes,
    sum(counted)::bigint as count,
    min(first_counted) as first_seen,
    max(last_counted) as last_seen,
    min(src_ip) as source_ip,
    min(src_node) as source_node,
    min(dst_ip) as destination_ip,
    sorted_set(dst_node) as nodes
  from edge_hours
  where counted > 0
    and service is null
    and src_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet', 'peered', 'onprem')
    and dst_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet', 'peered', 'onprem')
  group by source, destination, dst_port, protocol, hour, direction
  having sum(bytes) > coalesce(getvariable('min_bytes'), 1000000000)
  -- Both ends may have logged it.
  qualify row_number() over (partition by source, destination, dst_port, protocol, hour order by sum(bytes) desc, direction) = 1
), busiest as (
  select source, destination, port as dst_port, protocol, day, max(peak_hour_bytes) as bytes
  from known_edges
  group by source, destination, port, protocol, day
), usual as (
  select source, destination, dst_port, protocol, h.hour, count(*) as days, quantile_cont(b.bytes, 0.99) as usual
  from hours h
  join busiest b using (source, destination, dst_port, protocol)
  where b.day < bucket(h.hour, 86400)
  group by source, destination, dst_port, protocol, h.hour
), judged as (
  select h.*, u.days, u.usual
  from hours h
  join usual u using (source, destination, dst_port, protocol, hour)
)
select
  source || ' to ' || destination || ' port ' || dst_port as subject,
  first_seen,
  last_seen,
  count,
  'medium' as severity,
  case when days >= 7 then 'medium' else 'low' end as confidence,
  source_ip as source,
  source_node,
  destination_ip as destination,
  nodes,
  dst_port as port,
  source as source_name,
  destination as destination_name,
  protocol::integer as ip_protocol,
  direction,
  hour,
  bytes::bigint as bytes,
  round_to(bytes / 1e9, 2) as gigabytes,
  round_to(usual / 1e6, 1) as usual_megabytes,
  days as history_days
from judged
where days >= coalesce(getvariable('min_days'), 3)
  and bytes > coalesce(getvariable('times_usual'), 10) * usual
-- The worst hour of each edge.
qualify row_number() over (partition by source, destination, dst_port, protocol order by bytes desc, hour) = 1
order by subject;
