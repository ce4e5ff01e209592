-- title: Name resolution
-- question: Which name servers are asked by whom, and is it refused?

select
  dst_ip as server,
  min(dst_name) as server_name,
  coalesce(src_node, src_name, src_ip) as client,
  protocol,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  min(nsg) filter (where decision = 'Deny') as nsg,
  min(rule_name) filter (where decision = 'Deny') as rule,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where is_new and dst_port = 53
group by dst_ip, coalesce(src_node, src_name, src_ip), protocol
order by refused desc, allowed desc, server, client, protocol;
