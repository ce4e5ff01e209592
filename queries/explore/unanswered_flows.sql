-- title: Unanswered flows
-- question: Which allowed connections sent packets and got nothing back?
-- param: rows integer 50 — pairs to list
-- limits: NSG v1 logs have no counters. A firewall on the host, a dead pod and a dropped answer look the same.

select
  coalesce(src_name, src_ip) as source,
  coalesce(dst_name, dst_ip) as destination,
  dst_port as port,
  protocol,
  direction,
  count(*) as flows,
  sum(packets_sent) as packets_sent,
  min(first_seen) as first_seen,
  max(last_seen) as last_seen
from named_flows
where decision = 'Allow' and packets_sent > 0 and packets_received = 0 and protocol in (6, 17)
group by coalesce(src_name, src_ip), coalesce(dst_name, dst_ip), dst_port, protocol, direction
order by flows desc, source, destination, port, protocol, direction
limit (select coalesce(getvariable('rows'), 50));
