-- title: Only one of two NSG levels is logged
-- question: Which NSGs guard the nodes without any of their decisions being in the logs?
-- severity: high
-- confidence: high
-- inputs: nics, flow_logs?, nsgs?
-- false positives: a window so short that the other NSG decided nothing
-- explanation: {node_count} nodes stand behind two NSGs, and nothing in these logs was decided by {nsg} (on their {level}); only {text_logged_nsgs} is logged. {text_consequence} {text_flow_log}
-- fix: Log the virtual network instead (az network watcher flow-log create --vnet ...): VNet flow logs need no second level, and new NSG flow logs cannot be made any more (since 30 June 2025). If a flow log of {nsg} exists, ingest it too.
-- evidence-sql: select mac, node, level, nsg, logged_nsg, tuples from unlogged_levels where nsg = {nsg} and level = {level} and tuples > 0

with grouped as (
  select
    nsg,
    level,
    min(first_seen) as first_seen,
    max(last_seen) as last_seen,
    count(*) as count,
    sum(tuples) as tuples,
    sorted_set(node) as nodes,
    sorted_set(logged_nsg) as logged_nsgs
  from unlogged_levels
  where tuples > 0
  group by nsg, level
), states as (
  select lower(short_name(target)) as nsg, bool_or(coalesce(enabled, false)) as enabled
  from flow_logs
  where kind = 'nsg'
  group by lower(short_name(target))
)
select
  g.nsg || ' on the ' || g.level || ' level' as subject,
  g.first_seen,
  g.last_seen,
  g.count,
  'high' as severity,
  'high' as confidence,
  g.nodes,
  g.nsg,
  g.level,
  g.logged_nsgs,
  len(g.nodes) as node_count,
  g.tuples,
  array_to_string(g.logged_nsgs, ', ') as text_logged_nsgs,
  case g.level
    when 'NIC' then 'An allowed inbound flow is logged by the last NSG, which is the one on the NIC: allowed probes, clients and second hops are missing, so shares of failures have no sound denominator, rules look unused that are not, and what the NIC''s NSG denies is not seen at all.'
    else 'A denied inbound flow is logged by the NSG that denies it, mostly the subnet''s, and an allowed outbound flow by the last one, which is the subnet''s too: what the subnet''s NSG denies is not seen at all, and where nodes went is missing.'
  end as text_consequence,
  case
    when not exists (select 1 from flow_logs) then 'Whether a flow log exists for it is not known (az network watcher flow-log list).'
    when s.enabled then 'Its flow log is switched on, so its blobs were not given to ingest.'
    when s.nsg is not null then 'Its flow log is switched off.'
    else 'It has no flow log.'
  end as text_flow_log
from grouped g
left join states s on s.nsg = g.nsg
order by subject;
