-- title: The user pool reaches into the system pool
-- question: What do user nodes and pods want from the system pool besides DNS, metrics and the API?
-- severity: low
-- confidence: low
-- inputs: nodes, pods, endpoints?, nsgs?, nics?, addresses
-- attack: T1021, T1210
-- false positives: a system pool that runs ordinary workloads as well (such nodes are left out); agents of the platform on ports that are not known here
-- explanation: {text_source} connected to {text_destinations} of the system pool on port {text_ports}: {tries} connections, {refused} of them refused. Workloads need DNS, metrics and webhooks from there, and these ports are none of them.
-- fix: If this is wanted, declare it in flowlog.json under dependencies. If not, close it with a NetworkPolicy; {nsg} may carry an inbound Deny for the user subnet, but AKS does not support NSG rules that block traffic inside the cluster.
-- evidence-sql: select time, mac, nic_node, direction, decision, src_ip, src_port, dst_ip, dst_port, dst_name, nsg, rule_name, blob, record_index, tuple_index from east_west where src_role = 'user' and dst_role = 'system' and src_ip = {source} and dst_ip in {destinations} and dst_port in {ports} and time between {first_seen} and {last_seen}

with busy as (
  -- A system node that runs other workloads is no mere system node.
  select distinct p.node
  from pods p
  where not coalesce(p.host_network, false)
    and p.namespace not in ('kube-system', 'gatekeeper-system', 'calico-system', 'tigera-operator', 'app-routing-system', 'flux-system', 'azure-arc', 'dapr-system')
), odd as (
  select e.*
  from east_west e
  where e.src_role = 'user'
    and e.dst_role = 'system'
    and e.src_kind in ('node', 'pod', 'pod_unknown')
    and e.dst_kind in ('node', 'pod', 'pod_unknown')
    and coalesce(e.dst_node, e.nic_node) is not null
    and coalesce(e.dst_node, e.nic_node) not in (select node from busy)
    and e.dst_port not in (53, 443, 4443, 8443, 9443, 4240, 4244, 5473, 51871)
    and e.dst_port < 32768
    -- Each has a finding of its own: LAT-003, LAT-004, LAT-005, LAT-006.
    and not (e.dst_kind = 'node' and (e.dst_port in (select port from admin_ports) or e.dst_port in (10248, 10249, 10257, 10259, 4194, 179) or e.dst_port >= 30000))
    -- What a Service offers is offered.
    and not exists (
      select 1 from endpoints o where o.ip = e.dst_ip and o.target_port = e.dst_port and e.time >= o.valid_from and e.time < o.valid_to
    )
    and not exists (select 1 from kubelet_clients k where k.ip = e.src_ip and e.time >= k.valid_from and e.time < k.valid_to)
    and (e.src_ip, e.dst_port) not in (select src_ip, dst_port from steady_scrapers)
    and not exists (select 1 from port_scans s where s.src_ip = e.src_ip and s.dst_ip = e.dst_ip and e.time between s.first_seen and s.last_seen)
    and (e.src_id, e.dst_id, e.dst_port) not in (select src_id, dst_id, dst_port from declared_flows)
)
select
  'system pool from ' || coalesce(min(src_name), src_ip) as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  case when count(*) filter (where decision = 'Allow' and dst_kind = 'node') > 0 then 'medium' else 'low' end as severity,
  'low' as confidence,
  src_ip as source,
  min(src_node) as source_node,
  min(dst_ip) as destination,
  sorted_set(coalesce(dst_node, nic_node)) as nodes,
  max(nsg) as nsg,
  max(rule_name) as rule,
  min(dst_port) as port,
  count(*) as tries,
  count(*) filter (where decision = 'Deny') as refused,
  sorted_set(dst_ip) as destinations,
  sorted_set(dst_port) as ports,
  coalesce(min(src_name), src_ip) || case when coalesce(min(src_name), src_ip) = src_ip then '' else ' (' || src_ip || ')' end as text_source,
  some_of(sorted_set(coalesce(dst_name, dst_ip))) as text_destinations,
  some_of(sorted_set(dst_port::varchar)) as text_ports
from odd
group by src_ip
order by subject, source;
