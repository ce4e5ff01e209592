-- title: Refused flows by rule, role and service
-- question: Which rule refused whom, on the way to what?

select
  nsg,
  rule_name as rule,
  coalesce(src_role, replace(src_kind, 'lb_frontend', 'frontend'), 'unknown') as from_role,
  coalesce(dst_role, replace(dst_kind, 'lb_frontend', 'frontend'), 'unknown') as to_role,
  coalesce(service, 'port ' || dst_port) as target,
  count(*) as refused,
  count(distinct src_ip) as sources,
  count(distinct dst_ip) as destinations,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where decision = 'Deny' and is_new
group by nsg, rule_name, from_role, to_role, coalesce(service, 'port ' || dst_port)
order by refused desc, nsg, rule_name, from_role, to_role, target;
