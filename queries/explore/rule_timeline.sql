-- title: A rule over time
-- question: When did a rule decide, and how often?
-- param: rule varchar '' — a part of the rule's name; empty for all rules
-- param: seconds integer 3600 — length of an interval

select
  bucket(time, coalesce(getvariable('seconds'), 3600)) as interval_start,
  nsg,
  rule_name as rule,
  decision,
  count(*) as decided,
  count(distinct src_ip) as sources
from named_tuples
where is_new and contains(coalesce(rule_name, ''), coalesce(getvariable('rule'), ''))
group by bucket(time, coalesce(getvariable('seconds'), 3600)), nsg, rule_name, decision
order by interval_start, nsg, rule_name, decision;
