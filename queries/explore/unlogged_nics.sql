-- title: NICs without rows
-- question: Which NICs of the inventory does no row come from?
-- limits: Needs the NICs in the inventory.

select
  n.mac,
  any_value(n.node) as node,
  any_value(n.name) as name,
  any_value(n.subnet) as subnet,
  any_value(n.subnet_nsg) as subnet_nsg,
  any_value(n.nic_nsg) as nic_nsg
from nics n
where n.mac not in (select mac from lake_tuples where mac is not null)
group by n.mac
order by node, n.mac;
