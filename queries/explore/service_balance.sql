-- title: Balance of a service
-- question: How are a service's connections spread over the nodes, and is that even?
-- param: service varchar '' — a service as namespace/name, or empty for all
-- limits: Needs the inventory's frontends; without them it returns nothing.

with arrivals as (
  select service, coalesce(nic_node, mac) as node, count(*) as connections, count(*) filter (where decision = 'Deny') as refused
  from named_tuples
  where is_new and direction = 'Inbound' and not from_probe and service is not null
  group by service, coalesce(nic_node, mac)
)
select
  service,
  node,
  connections,
  refused,
  round_to(connections / sum(connections) over (partition by service), 4) as share,
  round_to(1.0 / count(*) over (partition by service), 4) as even_share
from arrivals
where coalesce(getvariable('service'), '') in ('', service)
order by service, connections desc, node;
