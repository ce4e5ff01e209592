-- title: Bytes per pool and direction
-- question: How much does each node pool send and receive, and to which kind of end?
-- limits: NSG v1 logs have no counters. A flow between two logged NICs is counted at each.

select
  coalesce(nic_pool, nic_name, 'unknown') as pool,
  direction,
  case when direction = 'Inbound' then coalesce(src_kind, 'unknown') else coalesce(dst_kind, 'unknown') end as peer,
  count(*) filter (where is_new) as new_flows,
  sum(packets_sent) as packets_sent,
  sum(bytes_sent) as bytes_sent,
  sum(packets_received) as packets_received,
  sum(bytes_received) as bytes_received
from named_tuples
group by coalesce(nic_pool, nic_name, 'unknown'), direction, case when direction = 'Inbound' then coalesce(src_kind, 'unknown') else coalesce(dst_kind, 'unknown') end
order by coalesce(sum(bytes_sent), 0) + coalesce(sum(bytes_received), 0) desc, pool, direction, peer;
