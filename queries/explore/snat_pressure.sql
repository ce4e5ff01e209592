-- title: Ports towards one destination
-- question: Who opens so many connections to one public destination that outbound ports may run out?
-- param: min_connections integer 100 — new connections to one destination in one minute
-- limits: An indication: how many ports a node has depends on its outbound rules, which are not in the log.

select
  minute,
  coalesce(src_node, src_name, src_ip) as source,
  dst_ip as destination,
  dst_port as port,
  count(*) as connections,
  count(distinct src_port) as source_ports
from named_tuples
where is_new and direction = 'Outbound' and decision = 'Allow' and coalesce(dst_kind, 'public') = 'public'
group by minute, coalesce(src_node, src_name, src_ip), dst_ip, dst_port
having count(*) >= coalesce(getvariable('min_connections'), 100)
order by connections desc, minute, source, destination, port;
