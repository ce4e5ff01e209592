-- title: What the logs cover
-- question: Which part of the week, of the nodes, of the NSGs and of the names do the logs and the inventory cover?
-- param: hours integer 168 — hours that could have rows

with node_nics as (
  select distinct mac from nics where node is not null
), seen_macs as (
  select distinct mac from lake_tuples where mac is not null
), attached as (
  select distinct lower(short_name(nsg)) as nsg
  from (
    select nic_nsg as nsg from nics where node is not null
    union
    select subnet_nsg from nics where node is not null
  ) a
  where nsg is not null
), ends as (
  select src_name is not null and dst_name is not null as named from named_tuples where is_new
), nic_hours as (
  select distinct mac, bucket(time, 3600) as hour from lake_tuples where mac is not null
), parts as (
  select 1 as place, 'hours with rows' as what, (select count(distinct bucket(time, 3600)) from lake_tuples) as seen, coalesce(getvariable('hours'), 168) as expected
  union all
  select 2, 'node NICs with rows', (select count(*) from node_nics n join seen_macs s on s.mac = n.mac), (select count(*) from node_nics)
  union all
  select 3, 'NSGs at the nodes that rows name', (select count(*) from attached a where a.nsg in (select lower(nsg) from tuples where nsg is not null)), (select count(*) from attached)
  union all
  select 4, 'decided flows of which both ends have a name', (select count(*) from ends where named), (select count(*) from ends)
  union all
  select 5, 'tuples without an oddity of the log', (select count(*) from lake_tuples where flags = 0), (select count(*) from lake_tuples)
  union all
  select 6, 'NIC hours that are in one kind of log only',
    (select count(*) from nic_hours h left join double_logged d on d.mac = h.mac and d.hour = h.hour where d.mac is null),
    (select count(*) from nic_hours)
)
select place, what, seen, expected
from parts
order by place;
