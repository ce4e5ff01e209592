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
  list_sort(list(distinct dst_port) filter (where dst_port is not null))[1:10] as first_ports,
  list_sort(list(distinct nic_node) filter (where nic_node is not null)) as nodes,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where decision = 'Deny'
group by nsg, rule_name, rule_class, direction
order by refused desc, nsg, rule, direction;
