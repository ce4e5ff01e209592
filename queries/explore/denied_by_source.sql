-- title: Denied by source
-- question: Who is refused most, and is it one port on many hosts or many ports on one?
-- param: rows integer 20 — sources to list

select
  coalesce(src_name, src_ip) as source,
  src_ip,
  src_kind,
  count(*) as refused,
  count(distinct dst_ip) as destinations,
  count(distinct dst_port) as ports,
  sorted_set(nsg) as nsgs,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where decision = 'Deny'
group by coalesce(src_name, src_ip), src_ip, src_kind
order by refused desc, src_ip, source, src_kind
limit (select coalesce(getvariable('rows'), 20));
