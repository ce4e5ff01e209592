-- title: Edges
-- question: Which workload, pool or address contacts which, on which port?
-- limits: Ports above 32767 are left out: they are mostly the client's own.

-- A connection inside the network is decided twice, where it leaves and where it arrives: it was let in when it arrived,
-- or, where only the leaving side is logged, when it left and no arrival refused it.

select
  coalesce(src_workload, src_pool, src_name, src_ip) as source,
  coalesce(service, dst_workload, dst_pool, dst_name, dst_ip) as destination,
  dst_port as port,
  protocol,
  greatest(
    count(*) filter (where decision = 'Allow' and direction = 'Inbound'),
    count(*) filter (where decision = 'Allow' and direction = 'Outbound') - count(*) filter (where decision = 'Deny' and direction = 'Inbound')
  ) as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  min(time) as first_seen
from named_tuples
where is_new
  and not from_probe
  and coalesce(src_kind, 'unknown') <> 'public'
  and dst_port < 32768
group by coalesce(src_workload, src_pool, src_name, src_ip), coalesce(service, dst_workload, dst_pool, dst_name, dst_ip), dst_port, protocol
order by refused desc, allowed desc, source, destination, port, protocol;
