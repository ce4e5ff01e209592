-- title: Who connects to a frontend
-- question: Which clients reach which service, through which nodes, and how many of their connections are refused?
-- param: service varchar '' — a service as namespace/name, or empty for all
-- limits: Without the inventory's frontends every inbound destination is listed.

with arrivals as (
  select
    coalesce(service, dst_ip || ':' || dst_port) as service,
    src_ip,
    src_name,
    coalesce(nic_node, mac) as node,
    decision
  from named_tuples
  where is_new
    and direction = 'Inbound'
    and not from_probe
    and (service is not null or not exists (select 1 from frontends))
)
select
  service,
  src_ip as client,
  min(src_name) as client_name,
  count(*) as connections,
  count(*) filter (where decision = 'Deny') as refused,
  round_to(count(*) filter (where decision = 'Deny') / count(*), 4) as refused_share,
  sorted_set(node) as nodes,
  sorted_set(case when decision = 'Deny' then node end) as refusing_nodes
from arrivals
where coalesce(getvariable('service'), '') in ('', service)
group by service, src_ip
order by service, connections desc, client;
