-- title: One port on many hosts
-- question: Who tries the same port on many destinations?
-- param: min_hosts integer 5 — different destinations
-- param: seconds integer 3600 — within an interval of this length
-- limits: Monitoring, proxies and name servers reach many hosts by trade.

select
  bucket(time, coalesce(getvariable('seconds'), 3600)) as interval_start,
  coalesce(src_name, src_ip) as source,
  dst_port as port,
  protocol,
  count(distinct dst_ip) as destinations,
  count(distinct dst_ip) filter (where decision = 'Deny') as refused_at,
  count(*) as connections,
  list_slice(sorted_set(coalesce(dst_name, dst_ip)), 1, 10) as first_destinations,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where is_new and not from_probe and protocol in (6, 17)
group by bucket(time, coalesce(getvariable('seconds'), 3600)), coalesce(src_name, src_ip), dst_port, protocol
having count(distinct dst_ip) >= coalesce(getvariable('min_hosts'), 5)
order by destinations desc, interval_start, source, port, protocol;
