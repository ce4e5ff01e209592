-- title: NICs without rows
-- question: Which NICs of the inventory does no row come from?
-- limits: Needs the NICs in the inventory.

select
  n.mac,
  min(n.node) as node,
  min(n.name) as name,
  min(n.subnet) as subnet,
  min(n.subnet_nsg) as subnet_nsg,
  min(n.nic_nsg) as nic_nsg
from nics n
where n.mac not in (select mac from lake_tuples where mac is not null)
group by n.mac
order by min(n.node), n.mac;
