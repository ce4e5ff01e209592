-- title: Which rule decided
-- question: Which NSG and rule let this connection in, or refused it, and since when?
-- param: src varchar '' — source address; empty for any
-- param: dst varchar '' — destination address; empty for any
-- param: port integer 0 — destination port; 0 for any
-- param: rows integer 50 — lines to list
-- limits: NSG flow logs record an allowed flow at the last NSG only; VNet flow logs record every level.

select
  nsg,
  rule_name as rule,
  rule_class,
  direction,
  decision,
  src_ip as source,
  dst_ip as destination,
  dst_port as port,
  count(*) as decided,
  sorted_set(coalesce(nic_node, mac)) as at,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where is_new
  and coalesce(getvariable('src'), '') in ('', src_ip)
  and coalesce(getvariable('dst'), '') in ('', dst_ip)
  and (coalesce(getvariable('port'), 0) = 0 or dst_port = getvariable('port'))
group by nsg, rule_name, rule_class, direction, decision, src_ip, dst_ip, dst_port
order by decided desc, nsg, rule_name, direction, decision, source, destination, port, rule_class
limit (select coalesce(getvariable('rows'), 50));
