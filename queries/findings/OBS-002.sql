-- title: Addresses or NICs that the inventory does not know
-- question: How many flows have an end that nobody owns, or that has two owners?
-- severity: medium
-- confidence: high
-- inputs: nodes, nics, addresses
-- param: max_share double 0.01 — of new flows, up to which unknown ends are taken for noise
-- false positives: a source that looks for hosts where there are none (LAT-007)
-- explanation: {share:percent} of all new flows ({count} of {flows}) have {text_what}, most of them {text_most}. Findings that need these names are blind there. All problems together touch {total_share:percent}.
-- fix: {text_remedy}
-- evidence-sql: select time, mac, src_ip, src_port, src_kind, dst_ip, dst_port, dst_kind, problem_at, decision, nsg, rule_name, blob, record_index, tuple_index from uncertain_flows where problem = {problem} and time between {first_seen} and {last_seen}

with places as (
  select problem, problem_at, count(*) as flows
  from uncertain_flows
  group by problem, problem_at
), most as (
  select problem, list_by(problem_at || ' (' || flows || ')', (-flows, problem_at)) as places, count(*) as distinct_places
  from places
  group by problem
), grouped as (
  select problem, min(time) as first_seen, max(time) as last_seen, count(*) as count
  from uncertain_flows
  group by problem
), totals as (
  select (select count(*) from new_flows) as flows, (select count(*) from uncertain_flows) as uncertain
)
select
  problem as subject,
  g.first_seen,
  g.last_seen,
  g.count,
  case when t.uncertain > 0.1 * t.flows then 'medium' else 'low' end as severity,
  'high' as confidence,
  problem,
  g.count / t.flows as share,
  t.uncertain / t.flows as total_share,
  t.flows,
  m.distinct_places,
  list_slice(m.places, 1, 10) as most,
  array_to_string(list_slice(m.places, 1, 5), ', ') as text_most,
  case problem
    when 'no owner' then 'an end whose address belongs to no node, pod or machine that is known'
    when 'two owners' then 'an end whose owner at that time is not certain: two claim the address, or no snapshot says who had it'
    else 'been logged by a NIC that is not in the inventory, so its node is a guess'
  end as text_what,
  case problem
    when 'unknown NIC' then 'Export the NICs again, of the time of the logs: az vmss nic list for each node pool, az network nic list for machines; then flowlog inventory import.'
    else 'Import snapshots closer to the time of the logs, and more of them: kubectl get nodes,pods -A -o json, az vmss nic list, az network nic list; then flowlog inventory import.'
  end as text_remedy
from grouped g
join most m using (problem)
cross join totals t
where t.uncertain > coalesce(getvariable('max_share'), 0.01) * t.flows
order by subject;
