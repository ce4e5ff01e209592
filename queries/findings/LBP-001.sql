-- title: Load-balancer probe denied at the node
-- question: Which NSG rule drops Azure's health probe, so that the load balancer takes nodes out of service?
-- severity: critical
-- confidence: high
-- inputs: nics, probes, backends, endpoints?, nsgs?
-- param: min_denied integer 2 — refused probes at one node before it counts as down
-- false positives: a node that is being deleted; a probe that was redefined within the window; nodes without endpoints in Local mode are left to LBC-008
-- explanation: Azure's health probe for {service} comes from 168.63.129.16 to port {probe_ports} of {nodes}, and {nsg}/{rule} drops it ({count} times). The load balancer takes {node_count} of {backend_count} backends out of service, although the workload on them may be fine.
-- fix: On {nsg}, add an inbound Allow with source service tag AzureLoadBalancer, any source port, destination the node subnet, TCP, all ports (at least {probe_ports}), with a priority below that of {rule}. If {rule} denies VirtualNetwork: that tag includes 168.63.129.16.
-- limits: The log shows that a probe's connection was refused or let in, never what it was answered.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, protocol, nsg, rule_name, blob, record_index, tuple_index from new_flows where from_probe and protocol = 6 and decision = 'Deny' and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and nic_node in {nodes} and dst_port in {probe_ports} and time between {first_seen} and {last_seen}

with refused as (
  -- One NIC, one probe port; only services that have the node as a backend.
  select
    p.probe_service as service,
    p.service_port,
    p.dst_port as probe_port,
    p.nic_node as node,
    p.nsg,
    p.rule_name as rule,
    p.traffic_policy,
    max(p.interval_seconds) as interval_seconds,
    min(p.time) as first_seen,
    max(p.time) as last_seen,
    count(*) as refused
  from probe_flows p
  where p.direction = 'Inbound' and p.decision = 'Deny' and p.in_backend
  group by p.probe_service, p.service_port, p.dst_port, p.nic_node, p.nsg, p.rule_name, p.traffic_policy
), own_pods as (
  select r.service, r.service_port, r.node, r.nsg, r.rule, count(distinct e.ip) as pods
  from refused r
  join endpoints e on e.service = r.service and e.port = r.service_port and e.node = r.node and e.ready
    and r.last_seen >= e.valid_from and r.last_seen < e.valid_to
  group by r.service, r.service_port, r.node, r.nsg, r.rule
), down as (
  select r.*, coalesce(o.pods, 0) as pods
  from refused r
  left join own_pods o on o.service = r.service and o.service_port = r.service_port and o.node = r.node
    and o.nsg is not distinct from r.nsg and o.rule is not distinct from r.rule
  where r.refused >= coalesce(getvariable('min_denied'), 2)
    and epoch_ms(r.last_seen) - epoch_ms(r.first_seen) >= r.interval_seconds * 500
    and (coalesce(r.traffic_policy, 'Cluster') <> 'Local' or coalesce(o.pods, 0) > 0 or not exists (select 1 from endpoints))
), grouped as (
  select
    d.service,
    d.service_port,
    d.nsg,
    d.rule,
    any_value(d.traffic_policy) as traffic_policy,
    min(d.first_seen) as first_seen,
    max(d.last_seen) as last_seen,
    sum(d.refused) as count,
    sorted_set(d.node) as nodes,
    sorted_set(d.probe_port) as probe_ports
  from down d
  group by d.service, d.service_port, d.nsg, d.rule
), whole as (
  -- How many nodes matter to the service, and how many of them are hit by any rule.
  select
    g.service as service,
    g.service_port as service_port,
    g.nsg as nsg,
    g.rule as rule,
    count(distinct b.node) as backend_count,
    count(distinct case when g.traffic_policy = 'Local' then e.node else b.node end) as needed,
    count(distinct case when g.traffic_policy = 'Local' then case when e.node = d.node then d.node end else d.node end) as hit
  from grouped g
  join backends b on b.service = g.service and g.last_seen >= b.valid_from and g.last_seen < b.valid_to
  left join endpoints e on e.service = g.service and e.port = g.service_port and e.node = b.node and e.ready
    and g.last_seen >= e.valid_from and g.last_seen < e.valid_to
  left join down d on d.service = g.service and d.service_port = g.service_port and d.node = b.node
  group by g.service, g.service_port, g.nsg, g.rule
), known as (
  select
    g.service || ':' || g.service_port || ' at ' || coalesce(g.nsg, 'unknown NSG') || '/' || coalesce(g.rule, 'unknown rule') as subject,
    g.first_seen,
    g.last_seen,
    g.count,
    case when w.hit >= w.needed then 'critical' else 'high' end as severity,
    'high' as confidence,
    g.service,
    '168.63.129.16' as source,
    g.nodes,
    g.nsg,
    g.rule,
    list_extract(g.probe_ports, 1) as port,
    g.probe_ports,
    len(g.nodes) as node_count,
    w.backend_count::bigint as backend_count,
    g.traffic_policy,
    null::varchar as explanation,
    null::varchar as fix
  from grouped g
  join whole w on w.service = g.service and w.service_port = g.service_port and w.nsg is not distinct from g.nsg and w.rule is not distinct from g.rule
), unknown as (
  select
    'platform probe to port ' || f.dst_port || ' at ' || coalesce(f.nsg, 'unknown NSG') || '/' || coalesce(f.rule_name, 'unknown rule') as subject,
    min(f.time) as first_seen,
    max(f.time) as last_seen,
    count(*) as count,
    'low' as severity,
    'medium' as confidence,
    null::varchar as service,
    '168.63.129.16' as source,
    sorted_set(f.nic_node) as nodes,
    f.nsg,
    f.rule_name as rule,
    f.dst_port as port,
    [f.dst_port] as probe_ports,
    count(distinct f.nic_node) as node_count,
    null::bigint as backend_count,
    null::varchar as traffic_policy,
    'A platform probe from 168.63.129.16 to port ' || f.dst_port || ' of ' || array_to_string(sorted_set(f.nic_node), ', ') || ' is dropped by ' || coalesce(f.nsg, 'an unknown NSG') || '/' || coalesce(f.rule_name, 'an unknown rule') || '. No known load-balancer probe has that port: import a newer `az network lb list`.' as explanation,
    'If the port belongs to a load balancer: on ' || coalesce(f.nsg, 'that NSG') || ', add an inbound Allow with source service tag AzureLoadBalancer below the priority of ' || coalesce(f.rule_name, 'the denying rule') || '.' as fix
  from new_flows f
  where f.from_probe and f.direction = 'Inbound' and f.decision = 'Deny' and f.protocol = 6 and f.nic_node is not null
    and not exists (select 1 from probes p where p.probe_port = f.dst_port and f.time >= p.valid_from and f.time < p.valid_to)
  group by f.dst_port, f.nsg, f.rule_name
  having count(*) >= coalesce(getvariable('min_denied'), 2)
)
select *
from (
  select * from known
  union all
  select * from unknown
)
order by subject;
