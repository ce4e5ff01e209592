-- title: Egress to the internet
-- question: Who reaches public addresses, and what leaves through the load balancer or a NAT gateway?
-- param: rows integer 50 — pairs to list
-- limits: Without an inventory public means: not a private, link-local or shared address.
-- limits: Which outbound device a flow leaves through is not in the log; these are its candidates.

with outbound as (
  select
    *,
    coalesce(src_workload, src_name, src_ip) as source
  from named_tuples
  where direction = 'Outbound'
    and case
      when dst_kind is not null then dst_kind = 'public'
      else not (in_prefix(dst_ip, '10.0.0.0/8') or in_prefix(dst_ip, '172.16.0.0/12') or in_prefix(dst_ip, '192.168.0.0/16')
        or in_prefix(dst_ip, '100.64.0.0/10') or in_prefix(dst_ip, '169.254.0.0/16') or dst_ip = '168.63.129.16')
    end
)
select
  source,
  min(src_pool) as pool,
  dst_ip as destination,
  dst_port as port,
  count(*) filter (where is_new and decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  sum(bytes_sent) as bytes_sent,
  sum(bytes_received) as bytes_received,
  min(time) as first_seen,
  max(time) as last_seen
from outbound
group by source, dst_ip, dst_port
order by coalesce(sum(bytes_sent), 0) + coalesce(sum(bytes_received), 0) desc, allowed desc, source, destination, port
limit (select coalesce(getvariable('rows'), 50));
