-- title: Client denied on some backends: intermittent failures
-- question: Which client of a Cluster-mode service is admitted on some nodes and refused on others, so that a share of its connections times out?
-- severity: high
-- confidence: high
-- inputs: nics, services, frontends, backends?, endpoints?, probes?, nsgs?, addresses?
-- param: scan_ports integer 15 — a source refused at so many ports is a scanner, not a client
-- false positives: sessionAffinity ClientIP (a client is then always good or always bad); a scanner that also tries the frontend
-- explanation: The load balancer spreads new connections of {client} to {service} over all healthy nodes. It is admitted on {admitting_nodes}, but {nsg}/{rule} refuses it on {nodes}: {observed_failure_share:percent} of its connections failed ({refused_connections} of {connections}) while the model expects {text_expected}. Retries help because each has another source port, so it looks intermittent.
-- fix: {text_place} inbound Allow, and the same on the NSG of every other backend subnet that lacks it: source {text_client_prefix}, destination {destination}/32, {text_protocol} port {port}, with a priority below that of {rule}. Name the frontend address, never the node port or the pods. Alternatives: externalTrafficPolicy Local with the ingress in a pool of its own, or label the other pools node.kubernetes.io/exclude-from-external-load-balancers.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, protocol, nsg, rule_name, blob, record_index, tuple_index from client_flows where decision = 'Deny' and service = {service} and client = {client} and dst_ip = {destination} and dst_port = {port} and protocol = {protocol} and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and nic_node in {nodes} and time between {first_seen} and {last_seen}

select
  service || ':' || port_text(port, protocol) || ' from ' || client as subject,
  first_seen,
  last_seen,
  count,
  case
    when observed_failure_share > 0.5 then 'critical'
    when coalesce(refusing_up, 1) = 0 then 'medium'
    else 'high'
  end as severity,
  case when refused_ports_of_client > 1 or affinity = 'ClientIP' then 'medium' else 'high' end as confidence,
  service,
  client,
  client as source,
  frontend as destination,
  nodes,
  nsg,
  rule,
  port,
  expected_failure_share,
  observed_failure_share,
  round_to(wilson_low(refused_connections, connections), 4) as observed_low,
  round_to(wilson_high(refused_connections, connections), 4) as observed_high,
  connections,
  refused_connections,
  refusals_at_other_times,
  rule_class,
  roles,
  admitting_nodes,
  healthy_nodes,
  endpoint_nodes,
  backend_count,
  affinity,
  coalesce(round_text(expected_failure_share * 100, 1) || ' %', 'nothing, for lack of backends in the inventory') as text_expected,
  protocol,
  protocol_text(protocol) as text_protocol,
  client_prefix_text(client) as text_client_prefix,
  repair_place(rule_class, nsg) as text_place,
  without_nulls([
    model_differs_text(expected_failure_share, observed_failure_share),
    case when expected_failure_share is null then 'Without the backends of the service there is no expected share.' end,
    case when affinity = 'ClientIP' then 'The service has sessionAffinity ClientIP: one client is always sent to one node, so the share is one of clients rather than of connections.' end,
    case when not list_has_any(roles, ['system', 'ingress', 'user']) then 'The roles of the refusing nodes are not known.' end
  ]) as limits
from client_refusals
where not at_endpoint_node
  and coalesce(traffic_policy, 'Cluster') = 'Cluster'
  and len(nodes) > 0
  and len(list_without(admitting_nodes, nodes)) > 0
  and refused_ports_of_client < coalesce(getvariable('scan_ports'), 15)
order by subject, nsg, rule;
