-- title: Many ports on one host
-- question: Who knocks at many ports of one destination?
-- param: min_ports integer 15 — different ports of one destination
-- param: seconds integer 3600 — within an interval of this length

select
  bucket(time, coalesce(getvariable('seconds'), 3600)) as interval_start,
  coalesce(src_name, src_ip) as source,
  coalesce(dst_name, dst_ip) as destination,
  count(distinct dst_port) as ports,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  list_slice(sorted_set(case when decision = 'Allow' then dst_port end), 1, 10) as allowed_ports,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where is_new and protocol in (6, 17) and dst_port < 32768
group by bucket(time, coalesce(getvariable('seconds'), 3600)), coalesce(src_name, src_ip), coalesce(dst_name, dst_ip)
having count(distinct dst_port) >= coalesce(getvariable('min_ports'), 15)
order by ports desc, interval_start, source, destination;
