-- title: VM sizes that NSG flow logs do not cover
-- question: Which nodes are of sizes whose flows are missing from NSG flow logs?
-- severity: low
-- confidence: high
-- inputs: nodes, nics?
-- false positives: nodes that VNet flow logs cover as well (left out)
-- explanation: {text_nodes} are of size {text_vm_sizes}. NSG flow logs do not support the D, E and F families of version 6, so flows of these nodes are missing or incomplete, and silence about them means nothing.
-- fix: Turn on VNet flow logs for the VNet of the nodes; they cover these sizes.
-- evidence-sql: select distinct node, ip, pool, vm_size from nodes where node in {nodes}

with sizes as (
  select distinct n.node, n.ip, n.pool, n.vm_size
  from nodes n
  where regexp_matches(lower(coalesce(n.vm_size, '')), '^(standard_)?[def][a-z]*[0-9]+.*_v6$')
    and exists (select 1 from tuple_kinds where log = 'nsg')
    and not exists (
      select 1 from nics i join nic_logs l on l.mac = i.mac and l.log = 'vnet' where i.node = n.node
    )
), span as (
  select min(first_seen) as first_seen, max(last_seen) as last_seen from log_summary
)
select
  'nodes of ' || coalesce(pool, 'unknown pool') as subject,
  any_value(w.first_seen) as first_seen,
  any_value(w.last_seen) as last_seen,
  count(*) as count,
  'low' as severity,
  'high' as confidence,
  sorted_set(node) as nodes,
  pool,
  sorted_set(vm_size) as vm_sizes,
  some_of(sorted_set(node)) as text_nodes,
  array_to_string(sorted_set(vm_size), ', ') as text_vm_sizes
from sizes
cross join span w
group by pool
order by subject;
