-- title: New destinations outside
-- question: Which public destinations were contacted for the first time in the last hours of the logs?
-- param: hours double 24 — how far back from the last tuple counts as new
-- limits: New means: not before in the window that was opened. Without an inventory every destination is listed.

with contacted as (
  select
    dst_ip as destination,
    dst_port as port,
    list_slice(sorted_set(coalesce(src_workload, src_name, src_ip)), 1, 10) as sources,
    count(*) as connections,
    count(*) filter (where decision = 'Deny') as refused,
    min(time) as first_seen,
    max(time) as last_seen
  from named_tuples
  where is_new and direction = 'Outbound' and coalesce(dst_kind, 'public') = 'public'
  group by dst_ip, dst_port
)
select
  destination,
  port,
  sources,
  connections,
  refused,
  first_seen,
  last_seen
from contacted
where epoch_ms(first_seen) > (select max(epoch_ms(time)) from lake_tuples) - coalesce(getvariable('hours'), 24) * 3600000
order by first_seen desc, destination, port;
