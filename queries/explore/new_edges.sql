-- title: New edges
-- question: Who contacted whom for the first time in the last hours of the logs?
-- param: hours double 24 — how far back from the last tuple counts as new
-- limits: New means: not before in the window that was opened.

with edges as (
  select
    coalesce(src_workload, src_pool, src_name, src_ip) as source,
    coalesce(dst_workload, dst_pool, dst_name, dst_ip) as destination,
    dst_port as port,
    protocol,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) as connections,
    count(*) filter (where decision = 'Deny') as refused
  from named_tuples
  where is_new
    and not from_probe
    and (src_kind is null or src_kind <> 'public')
  group by coalesce(src_workload, src_pool, src_name, src_ip), coalesce(dst_workload, dst_pool, dst_name, dst_ip), dst_port, protocol
)
select
  source,
  destination,
  port,
  protocol,
  first_seen,
  last_seen,
  connections,
  refused
from edges
where epoch_ms(first_seen) > (select max(epoch_ms(time)) from lake_tuples) - coalesce(getvariable('hours'), 24) * 3600000
order by first_seen desc, source, destination, port, protocol;
