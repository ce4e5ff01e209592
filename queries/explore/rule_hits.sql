-- title: Rule hits
-- question: How often did each rule decide, and when last?
-- limits: NSG flow logs record an allowed flow at the last NSG only: an allow rule of another level can look unused.

select
  nsg,
  rule_name as rule,
  rule_class,
  direction,
  decision,
  count(*) as decided,
  count(distinct src_ip) as sources,
  count(distinct dst_ip) as destinations,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where is_new
group by nsg, rule_name, rule_class, direction, decision
order by nsg, direction, decided desc, rule_name, rule_class;
