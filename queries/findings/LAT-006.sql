-- title: Ports of a control plane tried on nodes
-- question: Who looks on AKS nodes for etcd, the API server or other parts of a control plane that are not there?
-- severity: medium
-- confidence: medium
-- inputs: nodes, pods?, clusters?, nsgs?, nics?, addresses
-- attack: T1046, T1613
-- false positives: monitoring that scrapes kube-proxy or the kubelet's health (known scrapers and what behaves like one are left out); BGP between nodes of an own network plugin
-- explanation: {text_source} tried {text_ports} on {text_nodes}: {tries} tries, {text_outcome}. {text_why}
-- fix: Look at what runs on {text_source}. What is let in is the business of the broad Allow that decided ({text_outcome}): name the ports that nodes need instead.
-- evidence-sql: select time, last_time, tuples, outcome, src_ip, src_port, dst_ip, dst_port, dst_node, nsg, rule_name from attempts where dst_kind = 'node' and protocol = 6 and src_ip = {source} and dst_port in {ports} and (src_id, dst_id, dst_port) not in (select src_id, dst_id, dst_port from declared_flows) and time between {first_seen} and {last_seen}

with tries as (
  select a.*
  from attempts a
  where a.dst_kind = 'node'
    and a.protocol = 6
    and (a.dst_port in (2379, 2380, 6443, 10248, 10249, 10257, 10259, 4194) or (a.dst_port = 179 and a.src_kind <> 'node'))
    and coalesce(a.src_kind, '') <> 'apiserver'
    and (a.src_id, a.dst_id, a.dst_port) not in (select src_id, dst_id, dst_port from declared_flows)
    and not (a.dst_port in (10248, 10249, 4194) and exists (
      select 1 from kubelet_clients k where k.ip = a.src_ip and a.time >= k.valid_from and a.time < k.valid_to
    ))
    and not (a.dst_port in (10248, 10249, 4194) and (a.src_ip, a.dst_port) in (select src_ip, dst_port from steady_scrapers))
)
select
  case when bool_and(dst_port in (10248, 10249, 4194)) then 'node metrics ports from ' else 'control-plane ports from ' end || coalesce(min(src_name), src_ip) as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  case when count(*) filter (where outcome <> 'refused' and dst_port not in (10248, 10249, 4194)) > 0 then 'medium' else 'low' end as severity,
  'medium' as confidence,
  src_ip as source,
  min(src_node) as source_node,
  min(dst_ip) as destination,
  sorted_set(dst_node) as nodes,
  max(nsg) as nsg,
  max(rule_name) as rule,
  min(dst_port) as port,
  sorted_set(dst_port) as ports,
  count(*) as tries,
  count(*) filter (where outcome = 'arrived') as arrived,
  count(*) filter (where outcome = 'refused') as refused,
  array_to_string(sorted_set(dst_port), ', ') as text_ports,
  coalesce(min(src_name), src_ip) || case when min(src_name) is null or min(src_name) = src_ip then '' else ' (' || src_ip || ')' end as text_source,
  some_of(sorted_set(coalesce(dst_node, dst_ip))) as text_nodes,
  case when bool_and(dst_port in (10248, 10249, 4194)) then 'These are metrics of kube-proxy and health of the kubelet, of use to monitoring only, and this source neither is a known scraper nor behaves like one.'
    else 'No AKS node offers the control plane: such ports are what tools for breaking into clusters try.' end as text_why,
  outcome_text(
    count(*) filter (where outcome = 'arrived'), sorted_set(admitted_by),
    count(*) filter (where outcome = 'refused'), sorted_set(refused_by),
    count(*) filter (where outcome = 'sent')) as text_outcome
from tries
group by src_ip
order by subject, source;
