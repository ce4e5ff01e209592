-- title: Local mode: nodes without a pod of the service are unhealthy by design
-- question: Which nodes are out of service for a Local-mode service because they run none of its pods?
-- severity: info
-- confidence: high
-- inputs: nics, services, probes, backends, endpoints
-- false positives: none; this line explains what the Azure portal shows in red
-- explanation: {nodes} run no pod of {service}. In Local mode they answer the health probe with 503 and get no clients, so the load balancer shows them as down: that is by design ({count} probes logged, {refused} of them refused by an NSG, which makes no difference).
-- fix: Nothing to repair. To have fewer red backends, label these pools node.kubernetes.io/exclude-from-external-load-balancers (it applies to every load-balanced Service of the cluster).
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, decision, nsg, rule_name, blob, record_index, tuple_index from probe_flows p where probe_service = {service} and service_port = {service_port} and traffic_policy = 'Local' and in_backend and nic_node in {nodes} and time between {first_seen} and {last_seen} and not exists (select 1 from endpoints e where e.service = p.probe_service and e.port = p.service_port and e.node = p.nic_node and e.ready and p.time >= e.valid_from and p.time < e.valid_to)

with idle as (
  select p.*
  from probe_flows p
  where p.traffic_policy = 'Local'
    and p.in_backend
    and not exists (
      select 1 from endpoints e
      where e.service = p.probe_service and e.port = p.service_port and e.node = p.nic_node and e.ready
        and p.time >= e.valid_from and p.time < e.valid_to
    )
)
select
  probe_service || ':' || service_port as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  'info' as severity,
  'high' as confidence,
  probe_service as service,
  sorted_set(nic_node) as nodes,
  min(dst_port) as port,
  service_port,
  count(*) filter (where decision = 'Deny') as refused
from idle
group by probe_service, service_port
order by subject;
