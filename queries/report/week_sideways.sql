-- title: Who looks around inside
-- question: Which internal source tries many hosts, many ports or management ports?
-- param: min_targets integer 4 — different hosts on one port, or ports of one host
-- limits: Monitoring and the control plane reach many hosts by trade.

with tries as (
  select
    coalesce(src_name, src_ip) as source,
    src_role,
    dst_ip,
    dst_port,
    decision,
    time,
    (p.port is not null)::boolean as is_management
  from named_tuples
  left join admin_ports p on p.port = dst_port and protocol = 6
  where is_new
    and not from_probe
    and protocol in (6, 17)
    and service is null
    and coalesce(src_kind, 'unknown') not in ('public', 'platform', 'apiserver', 'lb_frontend')
    and coalesce(dst_kind, 'unknown') not in ('public', 'platform', 'apiserver', 'lb_frontend')
    and dst_port < 30000
), per_source as (
  select
    source,
    min(src_role) as role,
    count(distinct dst_ip) as hosts,
    count(distinct dst_port) as ports,
    count(*) filter (where decision = 'Allow') as allowed,
    count(*) filter (where decision = 'Deny') as refused,
    count(*) filter (where is_management) as management,
    list_slice(sorted_set(dst_port), 1, 10) as first_ports,
    min(time) as first_seen,
    max(time) as last_seen
  from tries
  group by source
)
select
  source,
  role,
  hosts,
  ports,
  allowed,
  refused,
  management as to_management_ports,
  first_ports,
  first_seen,
  last_seen
from per_source
where management > 0 or (refused > 0 and (hosts >= coalesce(getvariable('min_targets'), 4) or ports >= coalesce(getvariable('min_targets'), 4)))
order by refused desc, management desc, hosts desc, source;
