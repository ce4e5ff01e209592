-- title: Edges
-- question: Which workload, pool or address contacts which, on which port?
-- limits: Ports above 32767 are left out: they are mostly the client's own.

select
  coalesce(src_workload, src_pool, src_name, src_ip) as source,
  coalesce(service, dst_workload, dst_pool, dst_name, dst_ip) as destination,
  dst_port as port,
  protocol,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  min(time) as first_seen
from named_tuples
where is_new
  and not from_probe
  and coalesce(src_kind, 'unknown') <> 'public'
  and dst_port < 32768
group by coalesce(src_workload, src_pool, src_name, src_ip), coalesce(service, dst_workload, dst_pool, dst_name, dst_ip), dst_port, protocol
order by refused desc, allowed desc, source, destination, port, protocol;
