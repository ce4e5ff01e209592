-- title: What flowlog.json says
-- question: Is this connection one that somebody declared?

-- Whether what flowlog.json calls an end (*, a prefix, a workload, a name, pool:NAME) is this one.
create or replace macro names_end(pattern, ip, workload, pool, name) as
  pattern = '*'
  or coalesce(pattern in (workload, split_part(workload, '/', 2)), false)
  or coalesce(pattern = name, false)
  or coalesce(pattern = 'pool:' || pool, false)
  or coalesce(in_prefix(ip, pattern), false);

create or replace view declared_flows as
select distinct src_id, dst_id, f.dst_port
from (
  select distinct src_id, dst_id, dst_port
  from new_flows
  -- Most declared destinations are few, and without any nothing is read.
  where dst_port is not null
    and dst_id in (
      select d.dst_id from destinations d
      join config_dependencies c on names_end(c.destination, d.dst_ip, d.dst_workload, d.dst_pool, d.dst_name)
    )
) f
join sources s using (src_id)
join destinations d using (dst_id)
join config_dependencies c
  on names_end(c.source, s.src_ip, s.src_workload, s.src_pool, s.src_name) and names_end(c.destination, d.dst_ip, d.dst_workload, d.dst_pool, d.dst_name)
  and (c.port is null or c.port = f.dst_port);

comment on view declared_flows is 'Source, destination and port of new flows that flowlog.json says are wanted (dependencies).';

create or replace macro is_bastion(address) as
  exists (select 1 from config_bastions b where coalesce(in_prefix(address, b.prefix), false));

-- A setting of flowlog.json, or null.
create or replace macro setting(setting_name) as
  (select max(c.value) from config_settings c where c.name = setting_name);
