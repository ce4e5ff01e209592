-- title: Denied by rule
-- question: Which rules refuse how much, from how many sources, at which nodes?

select
  nsg,
  rule_name as rule,
  rule_class,
  direction,
  count(*) as refused,
  count(distinct src_ip) as sources,
  count(distinct dst_ip) as destinations,
  list_slice(sorted_set(dst_port), 1, 10) as first_ports,
  sorted_set(nic_node) as nodes,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where decision = 'Deny'
group by nsg, rule_name, rule_class, direction
order by refused desc, nsg, rule_name, direction, rule_class;
