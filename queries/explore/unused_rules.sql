-- title: Rules that no row names
-- question: Which rules of the NSGs are named by no row of the log?
-- param: days double 1 — rules known for at least so long before the last tuple
-- limits: Needs the NSGs in the inventory. NSG flow logs name one rule per flow, so a rule of another level may have matched all the same: NSG-001 works out by replay which rules are unused, and names them after thirty days.

with hits as (
  select lower(nsg) as nsg, lower(rule_name) as rule, direction
  from tuples
  where is_new
  group by lower(nsg), lower(rule_name), direction
), rules as (
  select nsg, rule, direction, min(decision) as decision, min(priority) as priority, min(sources) as sources,
    min(destinations) as destinations, min(destination_ports) as ports, min(valid_from) as known_since, bool_or(is_default) as is_default
  from nsg_rules
  group by nsg, rule, direction
)
select
  r.nsg,
  r.rule,
  r.direction,
  r.decision,
  r.priority,
  r.sources,
  r.destinations,
  r.ports,
  r.known_since
from rules r
left join hits h on h.nsg = lower(short_name(r.nsg)) and h.rule = lower(r.rule) and h.direction = r.direction
where h.rule is null
  and not r.is_default
  and epoch_ms(r.known_since) <= (select max(epoch_ms(time)) from lake_tuples) - coalesce(getvariable('days'), 1) * 86400000
order by r.nsg, r.direction, r.priority, r.rule;
