-- title: A node port used directly
-- question: Who connects to a Service's node port instead of its frontend, and so goes round the rules for the frontend?
-- severity: medium
-- confidence: high
-- inputs: nodes, services, service_ports, nsgs?, nics?, addresses
-- attack: T1046, T1021, T1133
-- false positives: Services of type NodePort and load balancers without floating IP, for which this is the normal way (reported as info, or not at all); an application gateway or another load balancer that points at node ports on purpose: declare it in flowlog.json
-- explanation: {text_source} used port {port} of {text_nodes} directly, the {text_what} of {service}: {tries} tries, {text_outcome}. With floating IP only the load balancer's probes come to node ports; clients come to the frontend, and rules that name the frontend do not see this way in.
-- fix: On the node subnets' NSGs, add an inbound Deny (any source, destination the node subnets, TCP 30000-32767) right behind the Allow for AzureLoadBalancer. Where the Service allows it, set allocateLoadBalancerNodePorts: false.
-- evidence-sql: select time, last_time, tuples, outcome, src_ip, src_port, dst_ip, dst_port, dst_node, nsg, rule_name from attempts where dst_kind = 'node' and src_ip = {source} and protocol = {ip_protocol} and dst_port = {port} and time between {first_seen} and {last_seen}

with ports as (
  select service, protocol as transport, node_port as port, 'node port' as what, valid_from, valid_to from service_ports where node_port is not null
  union all
  select service, 6, health_port, 'health port', valid_from, valid_to from service_ports where health_port is not null
), tries as (
  select
    a.*,
    p.service as service,
    p.what,
    s.type = 'NodePort' as on_purpose
  from attempts a
  join ports p on p.port = a.dst_port and p.transport = a.protocol and a.time >= p.valid_from and a.time < p.valid_to
  join services s on s.service = p.service and a.time >= s.valid_from and a.time < s.valid_to
  where a.dst_kind = 'node'
    and a.dst_port between 30000 and 32767
    and coalesce(s.floating_ip, true)
    and (a.src_id, a.dst_id, a.dst_port) not in (select src_id, dst_id, dst_port from declared_flows)
  qualify row_number() over (partition by a.protocol, a.src_ip, a.src_port, a.dst_ip, a.dst_port, a.time order by p.service) = 1
)
select
  service || ' node port ' || dst_port || ' from ' || coalesce(min(src_name), src_ip) as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  case
    when bool_and(coalesce(on_purpose, false)) then 'info'
    when count(*) filter (where outcome <> 'refused') > 0 then 'medium'
    else 'low'
  end as severity,
  'high' as confidence,
  service,
  src_ip as source,
  min(src_node) as source_node,
  min(dst_ip) as destination,
  sorted_set(dst_node) as nodes,
  max(nsg) as nsg,
  max(rule_name) as rule,
  dst_port as port,
  protocol::integer as ip_protocol,
  count(*) as tries,
  count(*) filter (where outcome = 'arrived') as arrived,
  count(*) filter (where outcome = 'refused') as refused,
  any_value(what) as text_what,
  coalesce(min(src_name), src_ip) || case when min(src_name) is null or min(src_name) = src_ip then '' else ' (' || src_ip || ')' end as text_source,
  some_of(sorted_set(coalesce(dst_node, dst_ip))) as text_nodes,
  outcome_text(
    count(*) filter (where outcome = 'arrived'), sorted_set(admitted_by),
    count(*) filter (where outcome = 'refused'), sorted_set(refused_by),
    count(*) filter (where outcome = 'sent')) as text_outcome
from tries
group by service, dst_port, protocol, src_ip
order by subject, source;
