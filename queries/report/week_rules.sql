-- title: Rules and what they decided
-- question: How many flows of this window name each rule of the NSGs, and does the rule admit everybody?
-- limits: Needs the NSGs in the inventory. NSG flow logs name one rule per flow, so a rule that no row names may have matched all the same: what is unused is worked out by replay (NSG-001, and the weekly report).

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
    arg_max(destination_ports, valid_from) as ports
  from nsg_rules
  where not is_default
  group by nsg, rule, direction
)
select
  r.nsg as nsg,
  r.rule as rule,
  r.direction as direction,
  r.decision as decision,
  r.priority as priority,
  (r.decision = 'Allow' and r.direction = 'Inbound' and r.sources in ('*', '0.0.0.0/0', 'Internet', 'Any'))::boolean as admits_any_source,
  r.sources as sources,
  r.ports as ports,
  coalesce(h.decided, 0) as decided
from rules r
left join hits h on h.nsg = lower(short_name(r.nsg)) and h.rule = lower(r.rule) and h.direction = r.direction
order by r.nsg, r.direction, r.priority, r.rule;
