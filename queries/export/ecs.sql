-- title: Elastic Common Schema
-- question: What do the flows look like as ECS documents?
-- inputs: nics?, addresses?
-- limits: One row per flow and NIC: a conversation between two logged NICs gives two rows.

select
  f.first_seen as "@timestamp",
  '8.17.0' as "ecs.version",
  'event' as "event.kind",
  ['network'] as "event.category",
  without_nulls([
    'connection',
    case when f.begun then 'start' end,
    case when f.ended and f.decision = 'Allow' then 'end' end,
    case when f.decision = 'Deny' then 'denied' else 'allowed' end
  ]) as "event.type",
  case when f.decision = 'Deny' then 'flow_denied' else 'flow_allowed' end as "event.action",
  case when f.decision = 'Deny' then 'failure' else 'success' end as "event.outcome",
  f.first_seen as "event.start",
  f.last_seen as "event.end",
  (epoch_ms(f.last_seen) - epoch_ms(f.first_seen))::bigint * 1000000 as "event.duration",
  'azure' as "event.module",
  case f.log when 'vnet' then 'azure.vnet_flow_logs' else 'azure.nsg_flow_logs' end as "event.dataset",
  case f.protocol when 6 then 'tcp' when 17 then 'udp' when 1 then 'icmp' when 132 then 'sctp' else f.protocol::varchar end as "network.transport",
  f.protocol::varchar as "network.iana_number",
  case when f.src_ip like '%:%' then 'ipv6' else 'ipv4' end as "network.type",
  case f.direction when 'Inbound' then 'ingress' when 'Outbound' then 'egress' else 'unknown' end as "network.direction",
  (f.bytes_sent + f.bytes_received)::bigint as "network.bytes",
  (f.packets_sent + f.packets_received)::bigint as "network.packets",
  f.src_ip as "source.ip",
  f.src_port as "source.port",
  coalesce(f.src_name, f.src_ip) as "source.address",
  f.bytes_sent::bigint as "source.bytes",
  f.packets_sent::bigint as "source.packets",
  f.dst_ip as "destination.ip",
  f.dst_port as "destination.port",
  coalesce(f.service, f.dst_name, f.dst_ip) as "destination.address",
  f.bytes_received::bigint as "destination.bytes",
  f.packets_received::bigint as "destination.packets",
  f.rule_name as "rule.name",
  f.nsg as "rule.ruleset",
  f.rule_class as "rule.category",
  without_nulls([regexp_replace(f.mac, '^(..)(..)(..)(..)(..)(..)', '\1-\2-\3-\4-\5-\6')]) as "observer.mac",
  f.nic_node as "observer.hostname",
  'firewall' as "observer.type",
  'Microsoft' as "observer.vendor",
  'azure' as "cloud.provider",
  case when f.nic_node is null then null else 'kubernetes' end as "orchestrator.type",
  list_sort(list_distinct([f.src_ip, f.dst_ip])) as "related.ip"
from named_flows f
order by f.first_seen, f.mac, f.src_ip, f.src_port, f.dst_ip, f.dst_port, f.flow_number, f.protocol, f.direction, f.rule, f.acl_id, f.log;
