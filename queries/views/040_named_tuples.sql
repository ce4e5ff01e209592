-- title: Tuples with names
-- question: Which node logged it, and who are the two ends?

create or replace view named_tuples as
select
  t.*,
  case when n.mac is not null then n.node when t.direction = 'Inbound' then d.node else s.node end as nic_node,
  case when n.mac is not null then n.name when t.direction = 'Inbound' then d.name else s.name end as nic_name,
  case when n.mac is not null then n.kind when t.direction = 'Inbound' then d.kind else s.kind end as nic_kind,
  case when n.mac is not null then n.pool when t.direction = 'Inbound' then d.pool else s.pool end as nic_pool,
  case when n.mac is not null then n.role when t.direction = 'Inbound' then d.role else s.role end as nic_role,
  case when n.mac is not null then n.subnet when t.direction = 'Inbound' then d.subnet else s.subnet end as nic_subnet,
  n.mac is not null as nic_certain,
  s.kind as src_kind,
  s.name as src_name,
  s.node as src_node,
  s.pod as src_pod,
  s.workload as src_workload,
  s.pool as src_pool,
  s.role as src_role,
  s.subnet as src_subnet,
  s.certain as src_certain,
  d.kind as dst_kind,
  d.name as dst_name,
  d.node as dst_node,
  d.pod as dst_pod,
  d.workload as dst_workload,
  d.pool as dst_pool,
  d.role as dst_role,
  d.subnet as dst_subnet,
  d.certain as dst_certain,
  f.service as service
from tuples t
left join double_logged o on o.mac = t.mac and o.hour = t.hour
left join nics n on n.mac = t.mac and t.time >= n.valid_from and t.time < n.valid_to
left join addresses s on s.ip = t.src_ip and t.time >= s.valid_from and t.time < s.valid_to
left join addresses d on d.ip = t.dst_ip and t.time >= d.valid_from and t.time < d.valid_to
left join frontends f on f.ip = t.dst_ip and f.port = t.dst_port and f.protocol = t.protocol and t.time >= f.valid_from and t.time < f.valid_to
where t.log = 'vnet' or o.mac is null;

comment on view named_tuples is 'tuples with the NIC''s node (by MAC at that time; nic_certain = false when it had to be guessed from the addresses), both ends by name, and the service when the destination is a frontend. An hour of a NIC that is in both kinds of log is taken from the VNet log.';

create or replace view named_flows as
select
  t.*,
  case when n.mac is not null then n.node when t.direction = 'Inbound' then d.node else s.node end as nic_node,
  case when n.mac is not null then n.name when t.direction = 'Inbound' then d.name else s.name end as nic_name,
  case when n.mac is not null then n.kind when t.direction = 'Inbound' then d.kind else s.kind end as nic_kind,
  case when n.mac is not null then n.pool when t.direction = 'Inbound' then d.pool else s.pool end as nic_pool,
  case when n.mac is not null then n.role when t.direction = 'Inbound' then d.role else s.role end as nic_role,
  case when n.mac is not null then n.subnet when t.direction = 'Inbound' then d.subnet else s.subnet end as nic_subnet,
  n.mac is not null as nic_certain,
  s.kind as src_kind,
  s.name as src_name,
  s.node as src_node,
  s.pod as src_pod,
  s.workload as src_workload,
  s.pool as src_pool,
  s.role as src_role,
  s.subnet as src_subnet,
  s.certain as src_certain,
  d.kind as dst_kind,
  d.name as dst_name,
  d.node as dst_node,
  d.pod as dst_pod,
  d.workload as dst_workload,
  d.pool as dst_pool,
  d.role as dst_role,
  d.subnet as dst_subnet,
  d.certain as dst_certain,
  f.service as service
from flows t
left join double_logged o on o.mac = t.mac and o.hour = bucket(t.first_seen, 3600)
left join nics n on n.mac = t.mac and t.first_seen >= n.valid_from and t.first_seen < n.valid_to
left join addresses s on s.ip = t.src_ip and t.first_seen >= s.valid_from and t.first_seen < s.valid_to
left join addresses d on d.ip = t.dst_ip and t.first_seen >= d.valid_from and t.first_seen < d.valid_to
left join frontends f on f.ip = t.dst_ip and f.port = t.dst_port and f.protocol = t.protocol and t.first_seen >= f.valid_from and t.first_seen < f.valid_to
where t.log = 'vnet' or o.mac is null;

comment on view named_flows is 'flows with the names of named_tuples, as they were when the flow was first seen.';
