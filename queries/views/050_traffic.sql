-- title: The kinds of traffic that findings ask about
-- question: Which new flows are probes, which are clients, which are second hops?

create or replace view new_flows as
select
  time, log, mac, direction, decision, state, protocol, src_ip, src_port, dst_ip, dst_port, rule, rule_name, rule_class, nsg, from_probe,
  nic_node, nic_name, nic_kind, nic_pool, nic_role, nic_subnet, nic_certain,
  src_kind, src_name, src_node, src_pod, src_workload, src_pool, src_role, src_subnet, src_certain,
  dst_kind, dst_name, dst_node, dst_pod, dst_workload, dst_pool, dst_role, dst_subnet, dst_certain,
  service, packets_sent, bytes_sent, blob, record_index, tuple_index
from named_tuples
where is_new and rule_class <> 'platform';

comment on view new_flows is 'The tuples at which a rule decided (Begin, Denied, and every v1 tuple), with names; platform rules left out. This is what most findings read.';

create or replace view probe_flows as
select
  f.*,
  p.service as probe_service,
  p.port as service_port,
  p.kind as probe_kind,
  coalesce(p.interval_seconds, 5) as interval_seconds,
  s.traffic_policy,
  b.node is not null as in_backend
from new_flows f
join probes p on p.probe_port = f.dst_port and f.time >= p.valid_from and f.time < p.valid_to
left join services s on s.service = p.service and f.time >= s.valid_from and f.time < s.valid_to
left join backends b on b.service = p.service and b.node = f.nic_node and f.time >= b.valid_from and f.time < b.valid_to
where f.from_probe and f.protocol = 6;

comment on view probe_flows is 'Load-balancer probes at a node, one row per tuple and per service whose probe has that port.';

create or replace view client_flows as
select
  *,
  case when src_kind = 'public' then 'Internet' else src_ip end as client,
  coalesce(decision = 'Deny' and epoch_ms(time) - epoch_ms(lag(time) over (
    partition by mac, src_ip, src_port, dst_ip, dst_port, protocol, decision order by time, blob, record_index, tuple_index
  )) <= 130000, false) as is_retry
from new_flows
where direction = 'Inbound' and service is not null and not from_probe;

comment on view client_flows is 'Connections to a load-balancer frontend as they arrived at a backend node (nic_node). Public clients count as one, Internet. is_retry: the SYN of a connection that was refused before is repeated with the same ports.';

create or replace view second_hops as
select
  f.*,
  e.service as hop_service,
  e.port as service_port,
  e.node as endpoint_node,
  e.pod as endpoint_pod,
  s.type as service_type,
  s.traffic_policy,
  coalesce(s.shared_probe, false) as shared_probe,
  coalesce(s.ingress_controller, false) as ingress_controller,
  b.node is not null as in_backend,
  coalesce(f.decision = 'Deny' and epoch_ms(f.time) - epoch_ms(lag(f.time) over (
    partition by e.service, e.port, f.mac, f.src_ip, f.src_port, f.dst_ip, f.dst_port, f.decision order by f.time, f.blob, f.record_index, f.tuple_index
  )) <= 130000, false) as is_retry
from new_flows f
join endpoints e on e.ip = f.dst_ip and e.target_port = f.dst_port and f.time >= e.valid_from and f.time < e.valid_to
join services s on s.service = e.service and f.time >= s.valid_from and f.time < s.valid_to
left join backends b on b.service = e.service and b.node = f.src_node and f.time >= b.valid_from and f.time < b.valid_to
where f.src_kind = 'node'
  and f.src_node <> e.node
  and (f.direction = 'Inbound' or f.decision = 'Deny');

comment on view second_hops is 'A node''s connections to a Service''s pod on another node: forwarded probes and requests when the Service is in Cluster mode. Seen where they arrive, or where they were refused on the way out. One row per tuple and Service that selects the pod.';
