-- title: What flowlog.json says
-- question: Is this connection one that somebody declared?

-- Whether what flowlog.json calls an end (*, a prefix, a workload, a name, pool:NAME) is this one.
create or replace macro names_end(pattern, ip, workload, pool, name) as
  pattern = '*'
  or coalesce(pattern in (workload, split_part(workload, '/', 2)), false)
  or coalesce(pattern = name, false)
  or coalesce(pattern = 'pool:' || pool, false)
  or coalesce(in_prefix(ip, pattern), false);

create or replace macro is_bastion(address) as
  exists (select 1 from config_bastions b where coalesce(in_prefix(address, b.prefix), false));

-- A setting of flowlog.json, or null.
create or replace macro setting(setting_name) as
  (select max(c.value) from config_settings c where c.name = setting_name);
