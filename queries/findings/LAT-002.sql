-- title: More connections to the ingress pods than probes and clients explain
-- question: Which node opens more second hops in Cluster mode than it received probes and requests to forward?
-- severity: medium
-- confidence: medium
-- inputs: nodes, services, service_ports, endpoints, backends, probes, frontends, nics, nsgs?, pods?, clusters?, addresses
-- param: min_z double 4 — how far a minute must lie above what is expected, in standard deviations
-- param: min_buckets integer 3 — minutes that lie so far above
-- param: min_excess double 20 — connections beyond the expected ones, in those minutes together
-- attack: T1021, T1210
-- false positives: pods and hostNetwork processes on that node that call the load balancer's own address (kube-proxy gives them the node's address); logs of only one NSG level, in which arrivals are missing
-- explanation: {source_node} opened {observed} connections to pods of {services} on other nodes within {buckets} minutes, and the {probes} probes and {arrivals} client connections it received explain only {expected}. {excess} more came from {source_node} itself or from a pod on it.
-- fix: Find out what on {source_node} calls the ingress pods directly (candidates are in the evidence). In Cluster mode no NSG rule can tell these from forwarded requests; use a NetworkPolicy on the ingress namespace, or externalTrafficPolicy Local and LAT-001.
-- limits: Single connections cannot be told apart: the evidence lists all second hops of the minutes in question, forwarded ones among them.
-- evidence-sql: select time, mac, src_ip, src_port, src_node, dst_ip, dst_port, decision, nsg, rule_name, blob, record_index, tuple_index from (select distinct time, mac, src_ip, src_port, src_node, dst_ip, dst_port, decision, nsg, rule_name, blob, record_index, tuple_index from second_hops where hop_service in {services} and src_node = {source_node} and not is_retry and minute_of(time) in {minutes})

with subject_services as (
  select service, port, probe_port, shared
  from (
    select p.service, p.port, p.probe_port, p.kind = 'shared' or coalesce(s.shared_probe, false) as shared, s.traffic_policy, s.floating_ip, s.type
    from probes p
    join services s on s.service = p.service and s.valid_from < p.valid_to and p.valid_from < s.valid_to
  )
  where type = 'LoadBalancer' and coalesce(traffic_policy, 'Cluster') = 'Cluster' and coalesce(floating_ip, true)
  group by all
), unsuited as (
  -- Pods that a Service selects whose first hop cannot be recognised are left out as a whole.
  select distinct e.ip
  from endpoints e
  join services s on s.service = e.service
  where s.type in ('LoadBalancer', 'NodePort') and (s.traffic_policy = 'Local' or not coalesce(s.floating_ip, true))
), hops as (
  select distinct
    src_node as node, minute_of(time) as minute, hop_service as service, time, src_port, dst_ip, dst_port, log_id, record_index, tuple_index
  from second_hops
  where not is_retry
    and hop_service in (select service from subject_services)
    and dst_ip not in (select ip from unsuited)
), observed as (
  select
    node,
    minute,
    count(distinct (log_id, record_index, tuple_index)) as observed,
    min(time) as first_seen,
    max(time) as last_seen,
    sorted_set(service) as services,
    sorted_set(dst_ip) as destinations
  from hops
  group by node, minute
), received as (
  select nic_node as node, minute_of(time) as minute, probe_service as service, 1 as probes, 0 as arrivals
  from probe_flows
  where decision = 'Allow' and not coalesce(probe_kind = 'shared', false)
  union all
  select nic_node, minute_of(time), service, 0, 1
  from client_flows
  where decision = 'Allow'
  union all
  select f.dst_node, minute_of(f.time), p.service, 0, 1
  from new_flows f
  join service_ports p on p.node_port = f.dst_port and f.time >= p.valid_from and f.time < p.valid_to
  where f.dst_kind = 'node' and f.direction = 'Inbound' and f.decision = 'Allow' and not f.from_probe
), counted as (
  select node, minute, service, sum(probes) as probes, sum(arrivals) as arrivals
  from received
  where service in (select service from subject_services)
  group by node, minute, service
), shares as (
  -- What part of its connections a node must hand to another one.
  select
    c.node as node, c.minute, any_value(c.probes) as probes, any_value(c.arrivals) as arrivals,
    count(distinct e.ip) as pods,
    count(distinct e.ip) filter (where e.node = c.node) as own_pods
  from counted c
  left join endpoints e on e.service = c.service and e.ready and c.minute >= e.valid_from and c.minute < e.valid_to
  group by c.node, c.minute, c.service
), expected as (
  select node, minute, sum(probes) as probes, sum(arrivals) as arrivals, sum((probes + arrivals) * (1 - own_pods / greatest(pods, 1))) as expected
  from shares
  group by node, minute
), logged as (
  select distinct nic_node as node, minute_of(time) as minute from new_flows where nic_node is not null and direction = 'Inbound'
), whole as (
  -- Where a node's log begins or breaks off within a minute, it holds but a part of what the node received, while the
  -- logs of the other nodes hold all that it sent.
  select node, minute
  from logged
  window per_node as (partition by node order by minute)
  qualify epoch_ms(minute) - epoch_ms(lag(minute) over per_node) = 60000 and epoch_ms(lead(minute) over per_node) - epoch_ms(minute) = 60000
), judged as (
  select
    node,
    minute,
    o.first_seen,
    o.last_seen,
    o.services,
    o.destinations,
    o.observed,
    coalesce(x.probes, 0) as probes,
    coalesce(x.arrivals, 0) as arrivals,
    coalesce(x.expected, 0) as expected,
    (o.observed - coalesce(x.expected, 0)) / sqrt(coalesce(x.expected, 0) + 1) as z
  from observed o
  join whole using (node, minute)
  left join expected x using (node, minute)
  -- A backend whose probes are not in the logs would seem to open everything by itself.
  where coalesce(x.probes, 0) > 0
    or exists (select 1 from subject_services s where s.shared)
    or not exists (select 1 from backends b where b.node = o.node and o.minute >= b.valid_from and o.minute < b.valid_to)
), found as (
  select
    node,
    min(first_seen) as first_seen,
    max(last_seen) as last_seen,
    sum(observed)::bigint as observed,
    sum(expected) as expected,
    sum(probes)::bigint as probes,
    sum(arrivals)::bigint as arrivals,
    count(*) as buckets,
    max(z) as highest_z,
    sorted_list(minute) as minutes,
    sorted_union(services) as services,
    sorted_union(destinations) as destinations
  from judged
  where z > coalesce(getvariable('min_z'), 4)
  group by node
  having count(*) >= coalesce(getvariable('min_buckets'), 3)
    and sum(observed - expected) >= coalesce(getvariable('min_excess'), 20)
)
select
  array_to_string(f.services, ', ') || ' from ' || f.node as subject,
  f.first_seen,
  f.last_seen,
  f.observed as count,
  'medium' as severity,
  case when f.observed >= 3 * greatest(f.expected, 10) then 'medium' else 'low' end as confidence,
  f.services[1] as service,
  n.ip as source,
  f.node as source_node,
  f.destinations[1] as destination,
  [f.node] as nodes,
  f.services,
  f.destinations,
  f.observed,
  round_to(f.expected, 1) as expected,
  round_to(f.observed - f.expected, 1) as excess,
  f.probes,
  f.arrivals,
  f.buckets,
  round_to(f.highest_z, 1) as highest_z,
  f.minutes,
  hidden_pods('node', f.node, f.first_seen, f.last_seen) as candidate_pods,
  without_nulls([
    'A pod on ' || f.node || ' that calls the load balancer''s own address looks the same: kube-proxy gives its connection the node''s address.'
  ]) as limits
from found f
left join (select node, min(ip) as ip from nodes group by node) n on n.node = f.node
order by subject;
