-- title: NSG flow logs are being retired
-- question: Which NSGs are still logged by NSG flow logs?
-- severity: info
-- confidence: high
-- inputs: nics?, nsgs?, flow_logs?
-- false positives: old logs of NSGs that have moved to VNet flow logs since
-- explanation: {nsg_count} NSGs ({text_nsgs}) are logged by NSG flow logs ({formats}). Since 30 June 2025 no new ones can be made, and on 30 September 2027 they end.
-- fix: Turn on VNet flow logs for the VNet of the nodes (az network watcher flow-log create --vnet NAME --storage-account ID), let both run for a week, compare with `flowlog check`, then delete the NSG flow logs. VNet flow logs also show allowed inbound flows without logs at two NSG levels.
-- evidence-sql: select time, mac, direction, decision, src_ip, src_port, dst_ip, dst_port, format, nsg, rule_name, blob, record_index, tuple_index from nsg_log_rows where time between {first_seen} and {last_seen}

select
  'NSG flow logs' as subject,
  min(s.first_seen) as first_seen,
  max(s.last_seen) as last_seen,
  sum(s.tuples)::bigint as count,
  'info' as severity,
  'high' as confidence,
  min(k.nsg) as nsg,
  count(distinct k.nsg) as nsg_count,
  sorted_set(k.nsg) as nsgs,
  some_of(sorted_set(k.nsg)) as text_nsgs,
  array_to_string(sorted_set(s.format), ', ') as formats
from log_summary s
join tuple_kinds k on k.format = s.format and k.log = 'nsg'
  and k.acl_id is not distinct from s.acl_id and k.rule is not distinct from s.rule
  and k.direction is not distinct from s.direction and k.decision is not distinct from s.decision
  and k.state is not distinct from s.state and k.protocol is not distinct from s.protocol
having count(*) > 0;
