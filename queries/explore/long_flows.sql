-- title: Long flows
-- question: Which connections stay open longest, and how much do they carry?
-- param: minutes double 30 — flows seen for at least so long
-- param: rows integer 50 — flows to list
-- limits: A flow that began or ended outside the window is cut to it.

select
  coalesce(src_name, src_ip) as source,
  src_port,
  coalesce(dst_name, dst_ip) as destination,
  dst_port as port,
  protocol,
  direction,
  first_seen,
  last_seen,
  int_div(epoch_ms(last_seen) - epoch_ms(first_seen), 60000) as minutes,
  ended,
  bytes_sent,
  bytes_received
from named_flows
where decision = 'Allow' and epoch_ms(last_seen) - epoch_ms(first_seen) >= coalesce(getvariable('minutes'), 30) * 60000
order by minutes desc, source, src_port, destination, port, protocol, direction, first_seen, mac, rule, acl_id, log, flow_number
limit (select coalesce(getvariable('rows'), 50));
