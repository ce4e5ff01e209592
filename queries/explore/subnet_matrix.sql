-- title: Subnet matrix
-- question: Which subnets talk to which, and which NSG decides between them?
-- limits: Availability zones are not in flow logs: subnets are the nearest boundary. Without an inventory subnets are unknown.

select
  coalesce(src_subnet, src_kind, 'unknown') as source,
  coalesce(dst_subnet, dst_kind, 'unknown') as destination,
  direction,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  sum(bytes_sent) as bytes_sent,
  sum(bytes_received) as bytes_received,
  sorted_set(nsg) as nsgs
from named_tuples
where is_new
group by coalesce(src_subnet, src_kind, 'unknown'), coalesce(dst_subnet, dst_kind, 'unknown'), direction
order by source, destination, direction;
