-- title: Probe allowed, yet no client traffic follows
-- question: Which backend is let through by the network and still gets no connections while others do?
-- severity: medium
-- confidence: medium
-- inputs: nics, services, frontends, probes, backends, endpoints?
-- param: min_expected double 10 — connections the node should have had before its silence means something
-- false positives: few clients; sessionAffinity ClientIP; a node that has only just joined
-- explanation: The network lets Azure's probe for {service} through to {node} ({count} probes), yet no client connection has reached it since {first_seen}, while the other backends took {others} and about {expected_here} of them should have come here. This is no NSG problem: look at the answer to the probe.
-- fix: Nothing to change in an NSG. Check the HTTP path of the probe (from Kubernetes 1.24 on, appProtocol http or https probes / and ingress-nginx answers 404 there: set the annotation service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path to /healthz, or appProtocol tcp), the readiness of the pods, proxy protocol behind a Private Link Service, and host firewalls.
-- limits: The log shows that a probe's connection was let in, never what it was answered.
-- limits: Nothing but the load balancer's own metric DipAvailability says for sure that the backend is down.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from probe_flows where probe_service = {service} and service_port = {service_port} and nic_node = {node} and decision = 'Allow' and time between {first_seen} and {last_seen}

with busy as (
  select service, dst_port as port, min(time) as first_client, max(time) as last_client
  from client_flows
  where nic_node is not null
  group by service, dst_port
), candidates as (
  select
    y.service as service,
    y.port,
    b.node,
    s.traffic_policy,
    y.last_client,
    greatest(coalesce(max(c.time), y.first_client), max(b.valid_from)) as quiet_from
  from busy y
  join services s on s.service = y.service and y.last_client >= s.valid_from and y.last_client < s.valid_to
  join backends b on b.service = y.service and y.last_client >= b.valid_from and y.last_client < b.valid_to
  left join client_flows c on c.service = y.service and c.dst_port = y.port and c.nic_node = b.node
  where coalesce(s.affinity, 'None') <> 'ClientIP'
    and not exists (
      select 1 from frontends f
      where f.service = y.service and f.port = y.port and coalesce(f.distribution, 'Default') in ('SourceIP', 'SourceIPProtocol')
    )
  group by y.service, y.port, b.node, s.traffic_policy, y.last_client, y.first_client
), quiet as (
  select *
  from candidates q
  where coalesce(q.traffic_policy, 'Cluster') <> 'Local'
    or exists (
      select 1 from endpoints e
      where e.service = q.service and e.port = q.port and e.node = q.node and e.ready
        and q.quiet_from >= e.valid_from and q.last_client < e.valid_to
    )
), others as (
  select
    q.service,
    q.port,
    q.node,
    count(*) filter (where not c.is_retry) as connections,
    count(distinct c.nic_node) as nodes
  from quiet q
  join client_flows c on c.service = q.service and c.dst_port = q.port and c.nic_node <> q.node
    and c.time > q.quiet_from and c.time <= q.last_client
  group by q.service, q.port, q.node
), probed as (
  select
    q.service,
    q.port,
    q.node,
    min(p.time) as first_seen,
    max(p.time) as last_seen,
    count(*) filter (where p.decision = 'Allow') as allowed,
    count(*) filter (where p.decision = 'Deny') as refused,
    max(p.interval_seconds) as interval_seconds,
    min(p.dst_port) as probe_port
  from quiet q
  join probe_flows p on p.probe_service = q.service and p.service_port = q.port and p.nic_node = q.node
    and p.time > q.quiet_from and p.time <= q.last_client
  group by q.service, q.port, q.node
)
select
  q.service || ':' || q.port || ' at ' || q.node as subject,
  p.first_seen,
  p.last_seen,
  p.allowed as count,
  'medium' as severity,
  'medium' as confidence,
  q.service as service,
  [q.node] as nodes,
  p.probe_port as port,
  q.node as node,
  q.port as service_port,
  q.quiet_from as last_client_at,
  o.connections as others,
  o.connections / o.nodes as expected_here
from quiet q
join others o on o.service = q.service and o.port = q.port and o.node = q.node
join probed p on p.service = q.service and p.port = q.port and p.node = q.node
where p.refused = 0
  and p.allowed >= 3
  -- Three times what the load balancer needs to take a node out (interval times a threshold of two).
  and epoch_ms(q.last_client) - epoch_ms(q.quiet_from) >= 3 * 2 * p.interval_seconds * 1000
  and o.connections / o.nodes >= coalesce(getvariable('min_expected'), 10)
  and not exists (
    select 1 from second_hops h
    where h.hop_service = q.service and h.src_node = q.node and h.decision = 'Deny'
      and epoch_ms(h.time) >= epoch_ms(q.quiet_from) - 120000 and h.time <= q.last_client
  )
order by subject;
