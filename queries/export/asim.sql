-- title: Microsoft Sentinel: ASIM NetworkSession
-- question: What do the flows look like as rows of the ASIM Network Session schema (0.2)?
-- inputs: nics?, addresses?
-- limits: One row per flow and NIC: a conversation between two logged NICs gives two rows, as two devices would report it.

select
  f.first_seen as "TimeGenerated",
  1::bigint as "EventCount",
  f.first_seen as "EventStartTime",
  f.last_seen as "EventEndTime",
  'Flow' as "EventType",
  case when f.decision = 'Deny' then 'Failure' else 'Success' end as "EventResult",
  case when f.decision = 'Deny' then 'Low' else 'Informational' end as "EventSeverity",
  case f.log when 'vnet' then 'VNet flow logs' else 'NSGFlow' end as "EventProduct",
  'Microsoft' as "EventVendor",
  'NetworkSession' as "EventSchema",
  '0.2.6' as "EventSchemaVersion",
  coalesce(f.nic_node, f.nic_name, f.mac, f.nsg, 'unknown') as "Dvc",
  f.nic_node as "DvcHostname",
  f.mac as "DvcMacAddr",
  f.nic_subnet as "DvcZone",
  f.decision as "DvcAction",
  coalesce(f.src_name, f.src_ip) as "Src",
  f.src_ip as "SrcIpAddr",
  f.src_port as "SrcPortNumber",
  f.src_name as "SrcHostname",
  f.bytes_sent::bigint as "SrcBytes",
  f.packets_sent::bigint as "SrcPackets",
  coalesce(f.service, f.dst_name, f.dst_ip) as "Dst",
  f.dst_ip as "DstIpAddr",
  f.dst_port as "DstPortNumber",
  f.dst_name as "DstHostname",
  f.bytes_received::bigint as "DstBytes",
  f.packets_received::bigint as "DstPackets",
  case f.protocol when 6 then 'TCP' when 17 then 'UDP' when 1 then 'ICMP' when 132 then 'SCTP' else f.protocol::varchar end as "NetworkProtocol",
  coalesce(f.direction, 'NA') as "NetworkDirection",
  (epoch_ms(f.last_seen) - epoch_ms(f.first_seen))::bigint as "NetworkDuration",
  (f.bytes_sent + f.bytes_received)::bigint as "NetworkBytes",
  (f.packets_sent + f.packets_received)::bigint as "NetworkPackets",
  coalesce(f.nsg || '/', '') || f.rule_name as "NetworkRuleName",
  coalesce(f.nsg || '/', '') || f.rule_name as "Rule"
from named_flows f
order by f.first_seen, f.mac, f.src_ip, f.src_port, f.dst_ip, f.dst_port, f.flow_number, f.protocol, f.direction, f.rule, f.acl_id, f.log;
