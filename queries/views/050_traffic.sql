-- title: The kinds of traffic that findings ask about
-- question: Which new flows are probes, which are clients, which are second hops?

-- Each kind is a table of numbers, which a check computes once, and a view that puts the names to them.
create or replace view probe_times as
select row_number() over (order by service, port, probe_port, kind, source, protocol, path, interval_seconds, threshold, valid_from, valid_to)::integer as probe_id, *
from probes;

create or replace view probe_facts as
select
  f.time, f.kind_id, f.log_id, f.nic_id, f.src_id, f.dst_id, f.frontend_id, f.src_port, f.dst_port, f.from_probe, f.record_index, f.tuple_index,
  p.probe_id,
  s.traffic_policy,
  (b.node is not null)::boolean as in_backend
from new_flows f
join probe_times p on p.probe_port = f.dst_port and f.time >= p.valid_from and f.time < p.valid_to
left join services s on s.service = p.service and f.time >= s.valid_from and f.time < s.valid_to
left join backends b on b.service = p.service and b.node = f.nic_node and f.time >= b.valid_from and f.time < b.valid_to
where f.from_probe and f.protocol = 6;

create or replace view probe_flows as
select f.*, p.service as probe_service, p.port as service_port, p.kind as probe_kind, coalesce(p.interval_seconds, 5) as interval_seconds
from (
  select *
  from probe_facts
  join tuple_kinds using (kind_id)
  join logs using (log_id)
  join loggers using (nic_id)
  join sources using (src_id)
  join destinations using (dst_id)
  join frontend_services using (frontend_id)
) f
join probe_times p on p.probe_id = f.probe_id;

comment on view probe_flows is 'Load-balancer probes at a node, one row per tuple and per service whose probe has that port.';

-- Clients from the internet that somebody named: each of them is one of its own.
create or replace view named_public_clients as
select distinct f.frontend_id as frontend_id, s.src_id as src_id
from (select distinct frontend_id, src_id from facts where frontend_id > 0) f
join sources s on s.src_id = f.src_id and s.src_kind = 'public'
join frontend_times t on t.frontend_id = f.frontend_id
left join (select service, max(source_ranges) as source_ranges from services group by service) v on v.service = t.service
where (in_prefixes(s.src_ip, v.source_ranges) and not in_prefixes('0.0.0.0', v.source_ranges))
  or exists (
    select 1 from config_expected_clients x
    where x.service in ('*', t.service) and x.prefix not in ('0.0.0.0/0', '*') and coalesce(in_prefix(s.src_ip, x.prefix), false)
  );

-- Addresses of the internet that are refused because of who they are, not because of the node they came to: never admitted
-- anywhere, and refused by the NSG of AKS, which all nodes share, or at a node that admitted others in the same ten minutes.
create or replace view public_strangers as
with arrivals as (
  select f.frontend_id as frontend_id, f.src_id as src_id, f.nic_id as nic_id, bucket(f.time, 600) as slice, coalesce(k.decision = 'Deny', false) as is_refused, k.rule_class as rule_class
  from facts f
  join tuple_kinds k on k.kind_id = f.kind_id
  join sources s on s.src_id = f.src_id
  where f.frontend_id > 0 and k.direction = 'Inbound' and k.rule_class <> 'platform' and s.src_kind = 'public'
), admitting as (
  select distinct frontend_id, nic_id, slice from arrivals where not is_refused
)
select distinct a.frontend_id as frontend_id, a.src_id as src_id
from arrivals a
left join (select frontend_id, nic_id, slice, 1 as admits from admitting) o on o.frontend_id = a.frontend_id and o.nic_id = a.nic_id and o.slice = a.slice
where a.is_refused
  and (a.rule_class = 'aks_managed' or o.admits = 1)
  and (a.frontend_id, a.src_id) not in (select frontend_id, src_id from arrivals where not is_refused)
  and (a.frontend_id, a.src_id) not in (select frontend_id, src_id from named_public_clients);

comment on view public_strangers is 'Public addresses that a frontend refuses whatever node they come to: scanners, mostly.';

create or replace view client_facts as
with arrivals as (
  select
    time, kind_id, log_id, nic_id, src_id, dst_id, frontend_id, src_port, dst_port, from_probe, record_index, tuple_index,
    mac, protocol, coalesce(decision = 'Deny', false)::boolean as is_refused
  from new_flows
  where direction = 'Inbound' and frontend_id > 0 and not from_probe
), told_apart as (
  select *, false as is_retry
  from arrivals
  where not is_refused
  union all
  select *, coalesce(is_repeat(time, lag(time) over (
      partition by mac, src_id, src_port, dst_id, dst_port, protocol order by time, log_id, record_index, tuple_index
    )), false)::boolean
  from arrivals
  where is_refused
)
select time, kind_id, log_id, nic_id, src_id, dst_id, frontend_id, src_port, dst_port, from_probe, record_index, tuple_index, is_retry
from told_apart;

create or replace view client_flows as
select
  *,
  case
    when src_kind <> 'public' or src_kind is null then src_ip
    when (frontend_id, src_id) in (select frontend_id, src_id from named_public_clients) then src_ip
    when (frontend_id, src_id) in (select frontend_id, src_id from public_strangers) then 'strangers from the internet'
    else 'Internet'
  end as client
from client_facts
join tuple_kinds using (kind_id)
join logs using (log_id)
join loggers using (nic_id)
join sources using (src_id)
join destinations using (dst_id)
join frontend_services using (frontend_id);

comment on view client_flows is 'Connections to a load-balancer frontend as they arrived at a backend node (nic_node). Public clients count as one, Internet, but for those that are declared and for strangers, who are refused wherever they come. is_retry: the SYN of a connection that was refused before is repeated with the same ports.';

create or replace view hop_targets as
select
  -- By all that a row holds, so that a number means the same whenever it is worked out.
  row_number() over (
    order by e.service, e.port, e.protocol, e.ip, e.target_port, e.node, e.pod, s.type, s.traffic_policy, s.shared_probe, s.ingress_controller,
      greatest(e.valid_from, s.valid_from), least(e.valid_to, s.valid_to)
  )::integer as hop_id,
  e.service as hop_service,
  e.port as service_port,
  coalesce(e.protocol, 6) as hop_protocol,
  e.ip,
  e.target_port,
  e.node as endpoint_node,
  e.pod as endpoint_pod,
  s.type as service_type,
  s.traffic_policy,
  coalesce(s.shared_probe, false)::boolean as shared_probe,
  coalesce(s.ingress_controller, false)::boolean as ingress_controller,
  greatest(e.valid_from, s.valid_from) as valid_from,
  least(e.valid_to, s.valid_to) as valid_to
from endpoints e
join services s on s.service = e.service and e.valid_from < s.valid_to and s.valid_from < e.valid_to;

create or replace view hop_facts as
with hops as (
  select
    f.time, f.kind_id, f.log_id, f.nic_id, f.src_id, f.dst_id, f.frontend_id, f.src_port, f.dst_port, f.from_probe, f.record_index, f.tuple_index,
    e.hop_id,
    (b.node is not null)::boolean as in_backend,
    e.hop_service as hop_service, e.service_port as service_port, f.mac as mac, f.protocol as protocol,
    coalesce(f.decision = 'Deny', false)::boolean as is_refused
  from new_flows f
  join hop_targets e on e.ip = f.dst_ip and e.target_port = f.dst_port and e.hop_protocol = f.protocol and f.time >= e.valid_from and f.time < e.valid_to
  left join backends b on b.service = e.hop_service and b.node = f.src_node and f.time >= b.valid_from and f.time < b.valid_to
  where f.src_kind = 'node'
    and f.src_node <> e.endpoint_node
    and (f.direction = 'Inbound' or f.decision = 'Deny')
), told_apart as (
  select *, false as is_retry
  from hops
  where not is_refused
  union all
  select *, coalesce(is_repeat(time, lag(time) over (
      partition by hop_service, service_port, mac, src_id, src_port, dst_id, dst_port, protocol order by time, log_id, record_index, tuple_index
    )), false)::boolean
  from hops
  where is_refused
)
select time, kind_id, log_id, nic_id, src_id, dst_id, frontend_id, src_port, dst_port, from_probe, record_index, tuple_index, hop_id, in_backend, is_retry
from told_apart;

create or replace view second_hops as
select *
from hop_facts
join tuple_kinds using (kind_id)
join logs using (log_id)
join loggers using (nic_id)
join sources using (src_id)
join destinations using (dst_id)
join frontend_services using (frontend_id)
join (
  select hop_id, hop_service, service_port, endpoint_node, endpoint_pod, service_type, traffic_policy, shared_probe, ingress_controller
  from hop_targets
) h using (hop_id);

comment on view second_hops is 'A node''s connections to a Service''s pod on another node: forwarded probes and requests when the Service is in Cluster mode. Seen where they arrive, or where they were refused on the way out. One row per tuple and Service that selects the pod.';
