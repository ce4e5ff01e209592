-- title: Gigabytes to a public address that is new
-- question: Who sent more than a gigabyte in an hour to an address of the internet that nobody called on the days before?
-- severity: medium
-- confidence: low
-- inputs: nodes, pods?, nsgs?, clusters?, addresses
-- param: min_bytes double 1000000000 — bytes sent in one hour
-- param: high_bytes double 10000000000 — bytes that make it severe
-- param: min_hours double 24 — hours of logs that must lie before the first contact
-- attack: T1048, T1567, T1041
-- false positives: a new backup target, a migration, an upload to a customer: declare it in flowlog.json under dependencies; addresses of one /24 count as one, so that a service which changes its address is not new
-- explanation: {text_source} sent {gigabytes} GB to {peer} (port {text_ports}) within the hour from {hour}, and nobody had called that address in the {history_hours} hours of logs before {first_contact}.
-- fix: Find out what was sent and by whom. To cut it off, add an outbound Deny on the NSG of the subnet: destination {peer}. If it is wanted, declare it in flowlog.json under dependencies.
-- limits: Flows whose counters the log leaves out count nothing, so the real figure may be higher. Behind a firewall the address is still the real one, since NSGs see packets before they are routed.
-- evidence-sql: select time, mac, direction, state, src_ip, src_port, dst_ip, dst_port, bytes_sent, bytes_received, blob, record_index, tuple_index from public_bytes where src_ip = {source} and peer = {peer} and hour = {hour}

with first_calls as (
  select peer, min(time) as first_contact
  from public_bytes_calls
  group by peer
), logged as (
  select min(first_seen) as since from log_summary
), hours as (
  select
    src_ip, peer, hour,
    count(*) as count,
    sum(bytes_sent)::bigint as bytes,
    min(time) as first_seen,
    max(time) as last_seen,
    min(src_kind) as src_kind,
    min(src_name) as src_name,
    min(src_node) as src_node,
    sorted_set(dst_ip) as destinations,
    sorted_set(dst_port) as ports,
    max(nsg) as nsg,
    max(rule_name) as rule
  from public_bytes
  group by src_ip, peer, hour
  having sum(bytes_sent) > coalesce(getvariable('min_bytes'), 1000000000)
), judged as (
  select
    h.src_ip as src_ip, h.peer as peer, h.hour as hour, h.count as count, h.bytes as bytes, h.first_seen as first_seen, h.last_seen as last_seen,
    h.src_kind as src_kind, h.src_name as src_name, h.src_node as src_node, h.destinations as destinations, h.ports as ports, h.nsg as nsg, h.rule as rule,
    f.first_contact as first_contact, round_to((epoch_ms(f.first_contact) - epoch_ms(l.since)) / 3600000.0, 1) as history_hours
  from hours h
  join first_calls f on f.peer = h.peer
  cross join logged l
  where epoch_ms(f.first_contact) - epoch_ms(l.since) >= coalesce(getvariable('min_hours'), 24) * 3600000
    -- What has been called for longer than a day is no longer new.
    and epoch_ms(h.hour) - epoch_ms(f.first_contact) <= 86400000
), worst as (
  select *
  from judged
  qualify row_number() over (partition by src_ip, peer order by bytes desc, hour) = 1
)
select
  coalesce(src_name, src_ip) || ' to ' || peer as subject,
  first_seen,
  last_seen,
  count,
  case when bytes > coalesce(getvariable('high_bytes'), 10000000000) then 'high' else 'medium' end as severity,
  'low' as confidence,
  src_ip as source,
  src_node as source_node,
  destinations[1] as destination,
  without_nulls([src_node]) as nodes,
  nsg,
  rule,
  ports[1] as port,
  ports,
  peer,
  hour,
  bytes,
  round_to(bytes / 1e9, 2) as gigabytes,
  first_contact,
  history_hours,
  destinations,
  hidden_pods(src_kind, src_node, first_seen, last_seen) as candidate_pods,
  who(src_name, src_ip) as text_source,
  some_of(ports) as text_ports
from worst
order by subject;
