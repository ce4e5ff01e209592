-- title: Client denied at the nodes that run the service
-- question: Which client is refused by the NSG of the very nodes that host the ingress pods?
-- severity: critical
-- confidence: medium
-- inputs: nics, services, frontends, endpoints?, nsg_rules?, backends?, nsgs?, addresses?
-- param: scan_ports integer 15 — a source refused at so many ports is a scanner, not a client
-- false positives: a client that is meant to be kept out: then this is policy at work
-- explanation: {client} is refused by {nsg}/{rule} on {nodes}, the nodes that run {service} itself: {refused_connections} of {connections} of its connections failed ({observed_failure_share:percent}). {text_intent}
-- fix: If {client} is meant to use {service}: on {nsg}, add an inbound Allow with source {text_client_prefix}, destination {destination}/32, {text_protocol} port {port}, and a priority below that of {rule}; the same on every other backend subnet that lacks it. If it is not, there is nothing to repair.
-- limits: Whether a client is meant to be admitted is not in the logs.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, protocol, nsg, rule_name, blob, record_index, tuple_index from client_flows where decision = 'Deny' and service = {service} and client = {client} and dst_ip = {destination} and dst_port = {port} and protocol = {protocol} and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and nic_node in {nodes} and time between {first_seen} and {last_seen}

with named_by_rules as (
  -- Clients that somebody meant to admit: an allow rule or the Service names their address or range.
  select distinct c.client as client, c.port as port, c.protocol as protocol
  from client_refusals c
  join nsg_rules r on r.decision = 'Allow' and r.direction = 'Inbound' and not coalesce(r.is_default, false)
    and c.last_seen >= r.valid_from and c.last_seen < r.valid_to
  where in_any_prefix(c.client, list_without(comma_items(r.sources), ['0.0.0.0/0', '*']))
    and list_has_any(comma_items(r.destination_ports), ['*', c.port::varchar])
    and lower(coalesce(r.protocol, '*')) in ('any', '*', lower(protocol_text(c.protocol)))
), named_by_service as (
  select distinct client
  from client_refusals
  where in_prefixes(client, source_ranges)
), named_by_configuration as (
  select distinct c.client
  from client_refusals c
  join config_expected_clients x on x.service in ('*', c.service) and (coalesce(in_prefix(c.client, x.prefix), false) or (c.client = 'Internet' and x.prefix = '0.0.0.0/0'))
), judged as (
  select
    c.*,
    (len(c.admitting_nodes) > 0)::boolean as admitted_elsewhere,
    c.client <> 'strangers from the internet' and ((c.client, c.port, c.protocol) in (select client, port, protocol from named_by_rules)
      or c.client in (select client from named_by_service) or c.client in (select client from named_by_configuration)) as meant
  from client_refusals c
  where c.at_endpoint_node
    and len(c.nodes) > 0
    and c.refused_ports_of_client < coalesce(getvariable('scan_ports'), 15)
    -- A pod of the service outside its pool in Local mode is LBC-009.
    and not (coalesce(c.traffic_policy, 'Cluster') = 'Local' and not list_contains(c.roles, 'ingress'))
)
select
  service || ':' || port_text(port, protocol) || ' from ' || client as subject,
  first_seen,
  last_seen,
  count,
  case when admitted_elsewhere then 'medium' when meant then 'critical' else 'info' end as severity,
  'medium' as confidence,
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
  backend_count,
  case
    when admitted_elsewhere then 'Other nodes, or these at another time, admit it (' || array_to_string(admitting_nodes, ', ') || '), so the refusal is hardly meant.'
    when meant then 'A rule or the Service names it as a client, and no node admitted it in this window.'
    else 'Nothing in the logs or the rules ever admitted it: it is blocked as configured.'
  end as text_intent,
  protocol,
  protocol_text(protocol) as text_protocol,
  client_prefix_text(client) as text_client_prefix,
  without_nulls([
    model_differs_text(expected_failure_share, observed_failure_share)
  ]) as limits
from judged
order by subject, nsg, rule;
