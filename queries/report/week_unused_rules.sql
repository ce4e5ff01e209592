-- title: Rules that decided nothing
-- question: Which rules of the NSGs did not decide a flow in this window, and which admit everybody?
-- limits: Needs the NSGs in the inventory. NSG flow logs record an allowed flow at the last NSG only, so an allow rule of another level looks unused; rare but needed flows may simply not have happened.

with hits as (
  select lower(nsg) as nsg, lower(rule_name) as rule, direction, count(*) as decided
  from tuples
  where is_new
  group by lower(nsg), lower(rule_name), direction
), rules as (
  select
    nsg, rule, direction,
    arg_max(decision, valid_from) as decision,
    arg_max(priority, valid_from) as priority,
    arg_max(sources, valid_from) as sources,
    arg_max(destination_ports, valid_from) as ports,
    max(valid_to) as valid_to
  from nsg_rules
  where not is_default
  group by nsg, rule, direction
)
select
  r.nsg,
  r.rule,
  r.direction,
  r.decision,
  r.priority,
  case
    when h.decided is null and r.valid_to < '9999-01-01 00:00:00' then 'decided nothing, gone since'
    when h.decided is null then 'decided nothing'
    else 'admits any source'
  end as what,
  r.sources,
  r.ports,
  coalesce(h.decided, 0) as decided
from rules r
left join hits h on h.nsg = lower(short_name(r.nsg)) and h.rule = lower(r.rule) and h.direction = r.direction
where h.decided is null
  or (r.decision = 'Allow' and r.direction = 'Inbound' and r.sources in ('*', '0.0.0.0/0', 'Internet', 'Any'))
order by what, r.nsg, r.direction, r.priority, r.rule;
