-- title: Hours per NIC
-- question: In how many hours did each NIC log anything, and where are the gaps?
-- limits: A quiet NIC and one that is not logged look the same; a node is never quiet, since it is probed.

with per_hour as (
  select mac, hour, min(nic_node) as node, min(nic_name) as nic, min(log) as log, count(*) as tuples
  from named_tuples
  where mac is not null
  group by mac, hour
), bounds as (
  select count(distinct hour) as hours from per_hour
)
select
  mac,
  min(node) as node,
  min(nic) as nic,
  count(*) as hours_with_rows,
  min(b.hours) as hours_of_all,
  sum(tuples) as tuples,
  min(hour) as first_hour,
  max(hour) as last_hour
from per_hour, bounds b
group by mac
order by hours_with_rows, mac;
