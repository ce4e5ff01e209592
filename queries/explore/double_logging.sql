-- title: Logged twice
-- question: Which NICs are in NSG flow logs and VNet flow logs at the same time, and what does that cost in rows?

select
  t.mac,
  count(distinct t.hour) as hours,
  count(*) filter (where t.log = 'nsg') as nsg_rows,
  count(*) filter (where t.log = 'vnet') as vnet_rows,
  min(t.time) as first_seen,
  max(t.time) as last_seen
from tuples t
join double_logged d on d.mac = t.mac and d.hour = t.hour
group by t.mac
order by nsg_rows desc, t.mac;
