-- title: Node pool matrix
-- question: Which pools talk to which, on how many ports, allowed and refused?
-- limits: Without an inventory everything is one pool, unknown.

select
  coalesce(src_pool, src_kind, 'unknown') as source,
  coalesce(dst_pool, dst_kind, 'unknown') as destination,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  count(distinct dst_port) as ports,
  list_slice(sorted_set(case when dst_port < 32768 then dst_port end), 1, 15) as first_ports,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where is_new and direction = 'Inbound'
group by coalesce(src_pool, src_kind, 'unknown'), coalesce(dst_pool, dst_kind, 'unknown')
order by source, destination;
