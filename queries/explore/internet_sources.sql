-- title: Public sources
-- question: Which public addresses try to get in, at which ports, and what do the NSGs say?
-- param: rows integer 50 — sources to list
-- limits: Without an inventory a source counts as public when it is in no private range.

select
  src_ip as source,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  count(distinct dst_ip) as destinations,
  count(distinct dst_port) as ports,
  list_slice(sorted_set(dst_port), 1, 10) as first_ports,
  sorted_set(service) as services,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where is_new
  and direction = 'Inbound'
  and not from_probe
  and case
    when src_kind is not null then src_kind = 'public'
    else not (in_prefix(src_ip, '10.0.0.0/8') or in_prefix(src_ip, '172.16.0.0/12') or in_prefix(src_ip, '192.168.0.0/16')
      or in_prefix(src_ip, '100.64.0.0/10') or in_prefix(src_ip, '169.254.0.0/16'))
  end
group by src_ip
order by allowed + refused desc, source
limit (select coalesce(getvariable('rows'), 50));
