-- title: What leaves for the internet
-- question: Who sends how much to which address outside, and when was it first called?

-- A service that moves within its /24 is the same one.
create or replace macro peer_of(ip) as
  case when ip like '%.%.%.%' then regexp_extract(ip, '^(\d+\.\d+\.\d+)\.', 1) || '.0/24' else ip end;

create or replace view public_bytes as
select t.*, peer_of(t.dst_ip) as peer
from named_tuples t
where t.direction = 'Outbound'
  and t.dst_kind = 'public'
  and t.src_kind in ('node', 'pod', 'pod_unknown', 'vm')
  and t.bytes_sent is not null
  -- Names are found for the few addresses that are sent much.
  and t.dst_ip in (select dst_ip from lake_tuples where direction = 'Outbound' group by dst_ip having sum(bytes_sent) > 100000000)
  and (t.src_id, t.dst_id, t.dst_port) not in (select src_id, dst_id, dst_port from declared_flows);

comment on view public_bytes is 'Tuples with byte counts of what left for the internet and nobody declared; peer is the address''s /24.';

create or replace view public_bytes_calls as
select time, peer_of(dst_ip) as peer
from new_flows
where direction = 'Outbound' and dst_kind = 'public';
