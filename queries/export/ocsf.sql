-- title: OCSF Network Activity
-- question: What do the flows look like as events of the OCSF class Network Activity (4001)?
-- inputs: nics?, addresses?
-- limits: One row per flow and NIC: a conversation between two logged NICs gives two rows. Nested attributes are columns with dots.

select
  epoch_ms(f.first_seen) as "time",
  epoch_ms(f.first_seen) as "start_time",
  epoch_ms(f.last_seen) as "end_time",
  (epoch_ms(f.last_seen) - epoch_ms(f.first_seen))::bigint as "duration",
  case when f.decision = 'Deny' then 5 else 6 end as "activity_id",
  case when f.decision = 'Deny' then 'Refuse' else 'Traffic' end as "activity_name",
  4 as "category_uid",
  'Network Activity' as "category_name",
  4001 as "class_uid",
  'Network Activity' as "class_name",
  case when f.decision = 'Deny' then 400105 else 400106 end as "type_uid",
  case when f.decision = 'Deny' then 'Network Activity: Refuse' else 'Network Activity: Traffic' end as "type_name",
  1 as "severity_id",
  'Informational' as "severity",
  case when f.decision = 'Deny' then 2 else 1 end as "status_id",
  case when f.decision = 'Deny' then 'Failure' else 'Success' end as "status",
  '1.2.0' as "metadata.version",
  md5(array_to_string([
    f.log, f.mac, f.protocol::varchar, f.src_ip, f.src_port::varchar, f.dst_ip, f.dst_port::varchar, f.rule, f.decision, epoch_ms(f.first_seen)::varchar
  ], '|')) as "metadata.uid",
  case f.log when 'vnet' then 'VNet flow logs' else 'NSG flow logs' end as "metadata.product.name",
  'Microsoft' as "metadata.product.vendor_name",
  'Azure' as "cloud.provider",
  f.src_ip as "src_endpoint.ip",
  f.src_port as "src_endpoint.port",
  f.src_name as "src_endpoint.name",
  case when f.direction = 'Outbound' then f.mac end as "src_endpoint.mac",
  f.dst_ip as "dst_endpoint.ip",
  f.dst_port as "dst_endpoint.port",
  f.dst_name as "dst_endpoint.name",
  case when f.direction = 'Inbound' then f.mac end as "dst_endpoint.mac",
  f.service as "dst_endpoint.svc_name",
  f.protocol as "connection_info.protocol_num",
  case f.protocol when 6 then 'tcp' when 17 then 'udp' when 1 then 'icmp' end as "connection_info.protocol_name",
  case f.direction when 'Inbound' then 1 when 'Outbound' then 2 else 0 end as "connection_info.direction_id",
  coalesce(f.direction, 'Unknown') as "connection_info.direction",
  f.bytes_sent::bigint as "traffic.bytes_out",
  f.bytes_received::bigint as "traffic.bytes_in",
  (f.bytes_sent + f.bytes_received)::bigint as "traffic.bytes",
  f.packets_sent::bigint as "traffic.packets_out",
  f.packets_received::bigint as "traffic.packets_in",
  (f.packets_sent + f.packets_received)::bigint as "traffic.packets",
  f.rule_name as "firewall_rule.name",
  f.nsg as "firewall_rule.category"
from named_flows f
order by f.first_seen, f.mac, f.src_ip, f.src_port, f.dst_ip, f.dst_port, f.flow_number, f.protocol, f.direction, f.rule, f.acl_id, f.log;
