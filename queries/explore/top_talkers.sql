-- title: Top talkers
-- question: Who sends and receives the most, by bytes counted where they leave their NIC?
-- param: rows integer 20 — pairs to list
-- limits: NSG v1 logs have no counters; a flow between two logged NICs is counted at its source only.

with pairs as (
  select
    coalesce(src_name, src_ip) as source,
    coalesce(dst_name, dst_ip) as destination,
    dst_port as port,
    count(*) filter (where is_new) as new_flows,
    sum(bytes_sent) as bytes_sent,
    sum(bytes_received) as bytes_received,
    min(time) as first_seen,
    max(time) as last_seen
  from named_tuples
  where direction = 'Outbound' or src_kind is null or src_kind in ('public', 'platform')
  group by coalesce(src_name, src_ip), coalesce(dst_name, dst_ip), dst_port
)
select
  source,
  destination,
  port,
  new_flows,
  bytes_sent,
  bytes_received,
  first_seen,
  last_seen
from pairs
order by coalesce(bytes_sent, 0) + coalesce(bytes_received, 0) desc, new_flows desc, source, destination, port
limit (select coalesce(getvariable('rows'), 20));
