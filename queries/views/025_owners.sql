-- title: Who had which address, NIC and frontend, and when
-- question: Which numbers stand for the ends of a tuple at its time?

-- Rows carry numbers instead of names: a number is found once per row, by equality of the address and then by time, and
-- names are joined by number where a question needs them.
create or replace view address_owners as
with owned as (
  select * from addresses where ip in (select ip from seen_addresses)
), unowned as (
  -- Before the first owner, between two, and behind the last one.
  select ip, coalesce(lag(valid_to) over (partition by ip order by valid_from), beginning_of_time()) as valid_from, valid_from as valid_to
  from owned
  union all
  select ip, max(valid_to), end_of_time() from owned group by ip
  union all
  select ip, beginning_of_time(), end_of_time() from seen_addresses where ip not in (select ip from owned)
), whole as (
  select ip, valid_from, valid_to, kind, name, node, pod, workload, pool, role, subnet, certain from owned
  union all
  select ip, valid_from, valid_to, null, null, null, null, null, null, null, null, null from unowned where valid_from < valid_to
)
select row_number() over (order by ip, valid_from)::integer as address_id, *
from whole;

comment on view address_owners is 'Every address of the tuples at every time: who had it, or nobody. Numbered by address and time.';

create or replace view sources as
select
  address_id as src_id, ip as src_ip, kind as src_kind, name as src_name, node as src_node, pod as src_pod, workload as src_workload,
  pool as src_pool, role as src_role, subnet as src_subnet, certain as src_certain
from address_owners;

create or replace view destinations as
select
  address_id as dst_id, ip as dst_ip, kind as dst_kind, name as dst_name, node as dst_node, pod as dst_pod, workload as dst_workload,
  pool as dst_pool, role as dst_role, subnet as dst_subnet, certain as dst_certain
from address_owners;

create or replace view nic_times as
select row_number() over (order by mac, valid_from)::integer as nic_id, *
from nics;

create or replace view loggers as
select nic_id, node as nic_node, name as nic_name, kind as nic_kind, pool as nic_pool, role as nic_role, subnet as nic_subnet, true as nic_certain
from nic_times
union all
-- A NIC that the inventory does not know is taken for that of the address on its side.
select -address_id, node, name, kind, pool, role, subnet, false
from address_owners;

comment on view loggers is 'Who logged a tuple: the NIC''s owner by its MAC at that time, or (nic_certain = false) a guess by the addresses.';

create or replace view frontend_times as
select row_number() over (order by ip, port, protocol, valid_from)::integer as frontend_id, *
from frontends;

create or replace view frontend_services as
select 0 as frontend_id, null::varchar as service
union all
select frontend_id, service
from frontend_times;

create or replace view owned_tuples as
select
  t.*,
  s.address_id as src_id,
  d.address_id as dst_id,
  case when n.logger_mac is not null then n.nic_id when t.direction = 'Inbound' then -d.address_id else -s.address_id end as nic_id,
  coalesce(f.frontend_id, 0) as frontend_id,
  (t.log <> 'vnet' and o.repeated_mac is not null)::boolean as is_repeated
from tuples t
-- Renamed, because t.* then has plain names in every engine.
left join (select mac as repeated_mac, hour as repeated_hour from double_logged) o on o.repeated_mac = t.mac and o.repeated_hour = t.hour
left join (select mac as logger_mac, valid_from, valid_to, nic_id from nic_times) n on n.logger_mac = t.mac and t.time >= n.valid_from and t.time < n.valid_to
join address_owners s on s.ip = t.src_ip and t.time >= s.valid_from and t.time < s.valid_to
join address_owners d on d.ip = t.dst_ip and t.time >= d.valid_from and t.time < d.valid_to
left join (select ip, port, protocol as frontend_protocol, valid_from, valid_to, frontend_id from frontend_times) f
  on f.ip = t.dst_ip and f.port = t.dst_port and f.frontend_protocol = t.protocol and t.time >= f.valid_from and t.time < f.valid_to;

comment on view owned_tuples is 'tuples with the numbers of those who had the addresses, the NIC and the frontend at that time. is_repeated: the same hour of the NIC is in the VNet log.';
