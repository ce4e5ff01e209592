-- title: The way to the API server is denied
-- question: Which rule keeps nodes, or the platform's probe, from the API server?
-- severity: critical
-- confidence: high
-- inputs: nodes, nsgs?, nics?, clusters?, addresses
-- param: min_denied integer 3 — refused connections before it is reported
-- false positives: an API server address that is no longer in use (it may change after maintenance: import the endpoints again)
-- explanation: {nsg}/{rule} refuses {text_sources} on the way to the API server ({text_destinations}, port {port}): {connections} connections. {text_cost}
-- fix: On {nsg}, add an {direction} Allow: source {text_source_hint}, destination {text_destinations}, TCP port {port}, with a priority below that of {rule}.
-- evidence-sql: select time, mac, nic_node, direction, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from new_flows where decision = 'Deny' and dst_kind = 'apiserver' and protocol = 6 and dst_port = {port} and direction = {direction} and from_probe = {probe} and dst_ip in {destinations} and src_ip in {source_addresses} and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and time between {first_seen} and {last_seen}

with refused as (
  select *
  from new_flows
  where decision = 'Deny'
    and dst_kind = 'apiserver'
    and protocol = 6
    and ((from_probe and dst_port = 9988) or (not from_probe and dst_port in (443, 4443) and src_kind in ('node', 'pod', 'pod_unknown')))
)
select
  case when from_probe then 'probe' else array_to_string(sorted_set(coalesce(src_pool, src_name, src_ip)), ', ') end || ' to the API server at ' || coalesce(nsg, 'unknown NSG') || '/' || coalesce(rule_name, 'unknown rule') as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  'critical' as severity,
  'high' as confidence,
  min(src_ip) as source,
  min(src_node) as source_node,
  min(dst_ip) as destination,
  sorted_set(coalesce(src_node, nic_node)) as nodes,
  nsg,
  rule_name as rule,
  dst_port as port,
  direction,
  from_probe::boolean as probe,
  count(distinct (src_ip, src_port, dst_ip)) as connections,
  sorted_set(dst_ip) as destinations,
  sorted_set(src_ip) as source_addresses,
  case when from_probe then 'the load balancer''s probe' else some_of(sorted_set(coalesce(src_name, src_ip))) end as text_sources,
  some_of(sorted_set(dst_ip)) as text_destinations,
  case when from_probe then 'AzureLoadBalancer' else 'the node subnets (and the pod subnet, if there is one)' end as text_source_hint,
  case
    when from_probe then 'The API server in the VNet is taken out of its load balancer.'
    else 'The nodes go NotReady, and kubectl logs and exec, and webhooks, fail.'
  end as text_cost
from refused
group by from_probe, direction, dst_port, nsg, rule_name
having count(distinct (src_ip, src_port, dst_ip)) >= coalesce(getvariable('min_denied'), 3)
order by subject;
