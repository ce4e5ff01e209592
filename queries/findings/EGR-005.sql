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

with grouped as (
  select
    src_ip,
    decision,
    nsg,
    rule_name as rule,
    min(src_kind) as src_kind,
    min(src_name) as src_name,
    min(src_node) as src_node,
    min(src_role) as src_role,
    min(dst_port) as port,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) as count,
    sorted_set(nic_node) as nodes
  from decided_flows
  where dst_ip = '169.254.169.254' and src_kind in ('node', 'pod', 'pod_unknown')
  group by src_ip, decision, nsg, rule_name
)
select
  'metadata from ' || coalesce(src_name, src_ip) as subject,
  first_seen,
  last_seen,
  count,
  case when src_role = 'user' and decision = 'Allow' then 'medium' else 'low' end as severity,
  'low' as confidence,
  src_ip as source,
  src_node as source_node,
  '169.254.169.254' as destination,
  nodes,
  nsg,
  rule,
  port,
  decision,
  count as connections,
  hidden_pods(src_kind, src_node, first_seen, last_seen) as candidate_pods,
  who(src_name, src_ip) as text_source,
  case decision when 'Deny' then 'refused it' else 'let it' end as text_did
from grouped
order by subject, source;
