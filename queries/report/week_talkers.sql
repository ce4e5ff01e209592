-- title: Top talkers
-- question: Who sends and receives the most, by bytes counted where they leave their NIC?
-- limits: NSG v1 logs have no counters; a flow between two logged NICs is counted at its source only.

select
  coalesce(src_name, src_ip) as source,
  coalesce(service, dst_name, dst_ip) as destination,
  dst_port as port,
  count(*) filter (where is_new) as new_flows,
  sum(bytes_sent) as bytes_sent,
  sum(bytes_received) as bytes_received
from named_tuples
where direction = 'Outbound' or src_kind is null or src_kind in ('public', 'platform', 'vm', 'vnet', 'peered', 'onprem')
group by coalesce(src_name, src_ip), coalesce(service, dst_name, dst_ip), dst_port
order by coalesce(sum(bytes_sent), 0) + coalesce(sum(bytes_received), 0) desc, new_flows desc, source, destination, port;
