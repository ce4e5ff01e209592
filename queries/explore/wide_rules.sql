-- title: Rules that admit everybody
-- question: Which allow rules take any source, or any port, and what came in through them?
-- limits: Needs the NSGs in the inventory.

with wide as (
  select distinct nsg, rule, direction, priority, sources, destinations, destination_ports
  from nsg_rules
  where decision = 'Allow'
    and direction = 'Inbound'
    and not is_default
    and (sources in ('*', '0.0.0.0/0', 'Internet', 'Any') or destination_ports in ('*', '0-65535'))
)
select
  w.nsg,
  w.rule,
  w.priority,
  w.sources,
  w.destinations,
  w.destination_ports as ports,
  count(t.time) as admitted,
  count(distinct t.src_ip) as from_addresses,
  list_slice(sorted_set(t.dst_port), 1, 10) as ports_used
from wide w
left join tuples t on t.is_new and t.decision = 'Allow' and t.direction = w.direction
  and lower(t.nsg) = lower(short_name(w.nsg)) and lower(t.rule_name) = lower(w.rule)
group by w.nsg, w.rule, w.priority, w.sources, w.destinations, w.destination_ports
order by w.nsg, w.priority, w.rule, w.sources, w.destinations, ports;
