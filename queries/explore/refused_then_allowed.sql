-- title: Refused many times, then let in
-- question: Which source was refused at several destinations and later allowed at one, on the same port?
-- param: min_refused integer 3 — different destinations that refused it before
-- limits: A client that was refused by mistake and then admitted after a fix looks the same.

with refused as (
  select src_ip, dst_port, protocol, min(time) as first_refused, max(time) as last_refused, count(distinct dst_ip) as destinations
  from named_tuples
  where decision = 'Deny' and dst_port is not null
  group by src_ip, dst_port, protocol
  having count(distinct dst_ip) >= coalesce(getvariable('min_refused'), 3)
)
select
  coalesce(t.src_name, t.src_ip) as source,
  r.dst_port as port,
  r.protocol,
  r.destinations as refused_at,
  r.first_refused,
  coalesce(t.dst_name, t.dst_ip) as allowed_at,
  min(t.time) as allowed_since,
  count(*) as connections
from refused r
join named_tuples t on t.src_ip = r.src_ip and t.dst_port = r.dst_port and t.protocol = r.protocol
  and t.decision = 'Allow' and t.is_new and t.time > r.first_refused
group by coalesce(t.src_name, t.src_ip), r.dst_port, r.protocol, r.destinations, r.first_refused, coalesce(t.dst_name, t.dst_ip)
order by allowed_since, source, port, allowed_at, r.protocol, r.first_refused, refused_at;
