-- title: Ingress to application pod denied
-- question: Which rule keeps the ingress pods from the pods they route to, so that users see 502 or 504?
-- severity: high
-- confidence: high
-- inputs: services, endpoints, nsgs?, nics?, addresses
-- param: min_denied integer 2 — refused connections before it is reported
-- false positives: an ingress pod's address that was another pod's while the inventory was old
-- explanation: The pods of {service} cannot open {destinations} port {ports}: {nsg}/{rule} refused {connections} connections ({count} rows). Users see 502 or 504 from the ingress.
-- fix: {text_place} {direction} Allow: source the pod CIDR (or the ingress subnet when pods have addresses of the VNet), destination the pod CIDR or the application's subnet, TCP, all ports (AKS requires pod to pod on all ports; at least {ports}), with a priority below that of {rule}.
-- evidence-sql: select time, mac, nic_node, direction, src_ip, src_port, dst_ip, dst_port, protocol, nsg, rule_name, blob, record_index, tuple_index from new_flows where decision = 'Deny' and protocol = 6 and direction = {direction} and src_ip in {sources} and dst_ip in {destinations} and dst_port in {ports} and dst_kind in ('pod', 'pod_unknown') and dst_port <> 53 and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and time between {first_seen} and {last_seen}

with refused as (
  select
    f.*,
    e.service as ingress_service
  from new_flows f
  join endpoints e on e.ip = f.src_ip and f.time >= e.valid_from and f.time < e.valid_to
  join services s on s.service = e.service and s.ingress_controller and f.time >= s.valid_from and f.time < s.valid_to
  where f.decision = 'Deny'
    and f.protocol = 6
    and f.dst_kind in ('pod', 'pod_unknown')
    -- The name service is no application: EGR-003 tells of it.
    and f.dst_port <> 53
    and not exists (
      select 1 from pods p
      where p.ip = f.dst_ip and p.duty = 'platform' and f.time >= p.valid_from and f.time < p.valid_to
    )
  -- One row per tuple, however many ports the ingress serves.
  qualify row_number() over (partition by f.log_id, f.record_index, f.tuple_index order by s.type desc, e.service) = 1
)
select
  ingress_service || ' to ' || array_to_string(sorted_set(coalesce(dst_workload, dst_pool, dst_name, dst_ip)), ', ') || ' at ' || coalesce(nsg, 'unknown NSG') || '/' || coalesce(rule_name, 'unknown rule') as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  'high' as severity,
  case when bool_and(coalesce(dst_certain, false)) then 'high' else 'medium' end as confidence,
  ingress_service as service,
  min(src_ip) as source,
  min(src_node) as source_node,
  min(dst_ip) as destination,
  sorted_set(coalesce(dst_node, nic_node)) as nodes,
  nsg,
  rule_name as rule,
  min(dst_port) as port,
  sorted_set(src_ip) as sources,
  sorted_set(dst_ip) as destinations,
  sorted_set(dst_port) as ports,
  sorted_set(dst_pod) as pods,
  count(distinct src_ip || ':' || src_port || '>' || dst_ip || ':' || dst_port || '@' || epoch_ms(bucket(time, 300))) as connections,
  direction,
  repair_place(max(rule_class), nsg) as text_place
from refused
group by ingress_service, nsg, rule_name, direction
having count(*) >= coalesce(getvariable('min_denied'), 2)
order by subject;
