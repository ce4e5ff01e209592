-- title: Probe health per node
-- question: Was each node in rotation, by the whole way of the load balancer's probe, and which rule took it out?
-- limits: An allowed probe can still be answered with an error; only the connection is in the log.
-- limits: Without the inventory's Services and endpoints only the node's own NSGs are judged.

select
  node,
  coalesce(service || ':' || service_port, 'unknown') as service,
  probe_port,
  sum(allowed)::bigint as allowed,
  sum(refused)::bigint as refused,
  sum(hops_refused)::bigint as hops_refused,
  count(*) filter (where state = 'unhealthy') as minutes_unhealthy,
  count(*) filter (where state = 'flapping') as minutes_flapping,
  count(*) filter (where state = 'no pod here') as minutes_without_pod,
  min(minute) filter (where state in ('unhealthy', 'flapping')) as first_unhealthy,
  max(minute) filter (where state in ('unhealthy', 'flapping')) as last_unhealthy,
  min(nsg) filter (where state in ('unhealthy', 'flapping')) as nsg,
  min(rule) filter (where state in ('unhealthy', 'flapping')) as rule
from node_health
group by node, service, service_port, probe_port
order by minutes_unhealthy desc, minutes_flapping desc, node, service, probe_port;
