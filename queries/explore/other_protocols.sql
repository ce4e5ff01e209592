-- title: Neither TCP nor UDP
-- question: Which other protocols are there, from whom to whom?
-- limits: NSG flow logs hold TCP and UDP only; the rest is seen in VNet flow logs.

select
  protocol,
  coalesce(src_name, src_ip) as source,
  coalesce(dst_name, dst_ip) as destination,
  decision,
  count(*) as tuples,
  sum(bytes_sent) as bytes_sent,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where protocol is null or protocol not in (6, 17)
group by protocol, coalesce(src_name, src_ip), coalesce(dst_name, dst_ip), decision
order by tuples desc, protocol, source, destination, decision;
