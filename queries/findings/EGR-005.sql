-- title: The metadata service was asked
-- question: Who asks 169.254.169.254, where a node's identity can be had?
-- severity: medium
-- confidence: low
-- inputs: nodes, pods?, nsgs?, clusters?, addresses
-- attack: T1552.005
-- false positives: agents on the node that rightly use its identity
-- explanation: {text_source} asked the metadata service {connections} times, and {nsg}/{rule} {text_did}. Whoever may ask it can act with the node's identity.
-- fix: Restrict it for pods with the AKS setting for IMDS restriction, or a NetworkPolicy that denies egress to 169.254.169.254; use workload identity instead. An NSG rule is not the place.
-- limits: The platform answers on the host and most requests never reach a flow log: no rows here prove nothing.
-- evidence-sql: select time, mac, nic_node, decision, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from named_tuples where is_new and dst_ip = '169.254.169.254' and src_ip = {source} and decision = {decision} and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and time between {first_seen} and {last_seen}

select
  'metadata from ' || coalesce(min(src_name), src_ip) as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  case when min(src_role) = 'user' and decision = 'Allow' then 'medium' else 'low' end as severity,
  'low' as confidence,
  src_ip as source,
  min(src_node) as source_node,
  '169.254.169.254' as destination,
  list_sort(list(distinct nic_node) filter (where nic_node is not null)) as nodes,
  nsg,
  rule_name as rule,
  min(dst_port) as port,
  decision,
  count(*) as connections,
  case when min(src_kind) = 'node' then (select list_sort(list(distinct candidate(p.pod, p.host_network))) from node_speakers p where p.node = min(src_node)) end as candidate_pods,
  coalesce(min(src_name), src_ip) || case when coalesce(min(src_name), src_ip) = src_ip then '' else ' (' || src_ip || ')' end as text_source,
  case decision when 'Deny' then 'refused it' else 'let it' end as text_did
from decided_flows
where dst_ip = '169.254.169.254' and src_kind in ('node', 'pod', 'pod_unknown')
group by src_ip, decision, nsg, rule_name
order by subject, source;
