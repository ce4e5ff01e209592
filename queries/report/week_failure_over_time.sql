-- title: Failure share over time
-- question: What share of a client's new connections to a service was refused, interval by interval?
-- param: seconds integer 3600 — length of an interval
-- limits: Without the inventory's frontends every inbound destination is listed.

with connections as (
  select
    bucket(time, coalesce(getvariable('seconds'), 3600)) as interval_start,
    coalesce(service, dst_ip || ':' || dst_port) as service,
    src_ip as client,
    src_port,
    bool_or(decision = 'Deny') as refused
  from named_tuples
  where is_new
    and direction = 'Inbound'
    and not from_probe
    and (service is not null or not exists (select 1 from frontends))
  group by bucket(time, coalesce(getvariable('seconds'), 3600)), coalesce(service, dst_ip || ':' || dst_port), src_ip, src_port
)
select
  service,
  client,
  interval_start,
  count(*) as connections,
  count(*) filter (where refused) as refused
from connections
group by service, client, interval_start
order by service, client, interval_start;
