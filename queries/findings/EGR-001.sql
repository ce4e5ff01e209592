-- title: Direct way to the internet where a firewall is expected
-- question: Which nodes reach public addresses without passing the firewall that the cluster's egress should take?
-- severity: medium
-- confidence: high
-- inputs: nodes, nics, clusters?, subnets?, nsgs?, addresses
-- attack: T1071, T1041, T1567
-- false positives: a route table that the inventory does not have; the log shows the public address also when a route sends the packet to a firewall, so subnets with a default route are left out
-- explanation: {text_nodes} went to {destination_count} public addresses on port {port}, {connections} connections, allowed by {nsg}/{rule}. {text_expectation}, but {text_route}.
-- fix: Give the subnet {subnet} a route table with 0.0.0.0/0 to the firewall. Or on {nsg}: outbound Allow for what AKS needs (MicrosoftContainerRegistry, AzureFrontDoor.FirstParty, AzureActiveDirectory, AzureResourceManager, AzureMonitor and AzureCloud of the region, TCP 443), then an outbound Deny to Internet. An NSG alone cannot express the host names that AKS requires.
-- limits: A flow log never shows the next hop: that the firewall is passed by is concluded from the route tables.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from new_flows where direction = 'Outbound' and decision = 'Allow' and dst_kind = 'public' and nic_node in {nodes} and coalesce(nic_subnet, '') = {text_subnet} and protocol = {ip_protocol} and dst_port = {port} and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and time between {first_seen} and {last_seen}

with expected as (
  select
    case
      when setting('egress') = 'firewall' then 'flowlog.json expects egress through a firewall'
      else 'The cluster''s outbound type is ' || max(outbound_type) filter (where outbound_type in ('userDefinedRouting', 'none', 'block'))
    end as text
  from clusters
  where setting('egress') is distinct from 'direct'
), routed as (
  select distinct subnet
  from subnets
  where regexp_matches(lower(coalesce(default_route, '')), '^(virtualappliance|virtualnetworkgateway|none)')
), direct as (
  select f.*
  from new_flows f
  where f.direction = 'Outbound'
    and f.decision = 'Allow'
    and f.dst_kind = 'public'
    and f.nic_node is not null
    and f.dst_port is not null
    and (f.nic_subnet is null or f.nic_subnet not in (select subnet from routed))
    -- With a default route to an appliance the internet lies inside VirtualNetwork.
    and coalesce(f.rule_name, '') <> 'AllowVnetOutBound'
    and (f.rule_name = 'AllowInternetOutBound' or f.nic_subnet in (select subnet from subnets))
)
select
  coalesce(min(nic_subnet), 'nodes') || ' to the internet, port ' || dst_port || case protocol when 17 then '/udp' else '' end || ' by ' || coalesce(nsg, 'unknown NSG') || '/' || coalesce(rule_name, 'unknown rule') as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  case when dst_port in (80, 443, 123, 53) then 'medium' else 'high' end as severity,
  'high' as confidence,
  min(src_ip) as source,
  min(nic_node) as source_node,
  min(dst_ip) as destination,
  sorted_set(nic_node) as nodes,
  nsg,
  rule_name as rule,
  dst_port as port,
  protocol::integer as ip_protocol,
  min(nic_subnet) as subnet,
  coalesce(nic_subnet, '') as text_subnet,
  count(*) as connections,
  count(distinct dst_ip) as destination_count,
  list_slice(sorted_set(dst_ip), 1, 20) as destinations,
  some_of(sorted_set(nic_node)) as text_nodes,
  any_value(e.text) as text_expectation,
  case when min(nic_subnet) is null then 'the rule that decided is the one for the internet, so no default route leads elsewhere' else 'its subnet ' || min(nic_subnet) || ' has no default route to an appliance' end as text_route
from direct
cross join expected e
where e.text is not null
group by coalesce(nic_subnet, ''), dst_port, protocol, nsg, rule_name
order by subject;
