-- title: Egress that AKS requires is denied
-- question: Which rule keeps nodes from registries, identity, the resource manager, monitoring or time?
-- severity: high
-- confidence: medium
-- inputs: nodes, nics, clusters?, nsgs?, addresses
-- param: min_denied integer 3 — refused connections before it is reported
-- false positives: addresses of Azure that AKS does not need; with service tags in the inventory (az network list-service-tags) only known ones are reported
-- explanation: {nsg}/{rule} refuses {text_nodes} on the way to {text_what} ({text_destination}, port {port}): {connections} connections. {text_cost}
-- fix: On {nsg}, add an outbound Allow: source the node subnet, destination {text_tag}, {text_protocol} port {port}, with a priority below that of {rule}.
-- limits: Which host name a node wanted is not in flow logs; an address is only matched with the prefixes of service tags.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_name, dst_port, nsg, rule_name, blob, record_index, tuple_index from new_flows where direction = 'Outbound' and decision = 'Deny' and dst_kind = 'public' and nic_node in {nodes} and dst_ip in {destinations} and protocol = {ip_protocol} and dst_port = {port} and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and time between {first_seen} and {last_seen}

with tags_known as (
  select count(*) > 0 as known from addresses where kind = 'public' and name is not null and name <> ip
), refused as (
  select
    f.*,
    case
      when f.protocol = 17 and f.dst_port = 123 then 'time'
      when f.protocol = 17 and f.dst_port = 1194 then 'tunnel'
      when f.protocol = 6 and f.dst_port = 9000 then 'tunnel'
      when f.protocol = 6 and f.dst_port = 443 and regexp_matches(coalesce(f.dst_name, ''), '^(MicrosoftContainerRegistry|AzureContainerRegistry|AzureFrontDoor)') then 'registry'
      when f.protocol = 6 and f.dst_port = 443 and regexp_matches(coalesce(f.dst_name, ''), '^AzureActiveDirectory') then 'identity'
      when f.protocol = 6 and f.dst_port = 443 and regexp_matches(coalesce(f.dst_name, ''), '^AzureResourceManager') then 'arm'
      when f.protocol = 6 and f.dst_port = 443 and regexp_matches(coalesce(f.dst_name, ''), '^AzureMonitor') then 'monitor'
      when f.protocol = 6 and f.dst_port = 443 and regexp_matches(coalesce(f.dst_name, ''), '^AzureCloud') then 'azure'
      when f.protocol = 6 and f.dst_port = 443 and not t.known then 'unknown'
    end as class
  from new_flows f, tags_known t
  where f.direction = 'Outbound'
    and f.decision = 'Deny'
    and f.dst_kind = 'public'
    and f.src_kind in ('node', 'pod', 'pod_unknown')
    and f.nic_node is not null
    -- Tunnels other than konnectivity's are of clusters long gone.
    and not (f.dst_port in (1194, 9000) and exists (select 1 from pods p where regexp_matches(coalesce(p.workload, ''), '(^|/)konnectivity-agent')))
)
select
  class || ' from ' || array_to_string(sorted_set(coalesce(nic_pool, nic_node)), ', ') || ' at ' || coalesce(nsg, 'unknown NSG') || '/' || coalesce(rule_name, 'unknown rule') as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  case when class in ('registry', 'identity', 'arm', 'tunnel') then 'high' when class = 'azure' then 'medium' else 'low' end as severity,
  case when class in ('unknown', 'azure') then 'low' else 'medium' end as confidence,
  min(src_ip) as source,
  min(nic_node) as source_node,
  min(dst_ip) as destination,
  sorted_set(nic_node) as nodes,
  nsg,
  rule_name as rule,
  dst_port as port,
  protocol::integer as ip_protocol,
  sorted_set(dst_ip) as destinations,
  count(distinct (src_ip, src_port, dst_ip)) as connections,
  some_of(sorted_set(nic_node)) as text_nodes,
  some_of(sorted_set(coalesce(dst_name, dst_ip))) as text_destination,
  case protocol when 17 then 'UDP' else 'TCP' end as text_protocol,
  case class
    when 'time' then 'a time server'
    when 'tunnel' then 'the tunnel to the API server'
    when 'registry' then 'the registries of the node images'
    when 'identity' then 'Microsoft Entra ID'
    when 'arm' then 'the Azure Resource Manager'
    when 'monitor' then 'Azure Monitor'
    when 'azure' then 'an address of Azure'
    else 'public addresses on the port that everything AKS needs uses'
  end as text_what,
  case class
    when 'time' then 'Nodes of images since 2021 take the time from the host, so this rarely matters.'
    when 'tunnel' then 'Without it kubectl logs and exec, and webhooks, fail.'
    when 'registry' then 'New nodes do not join and images are not pulled.'
    when 'identity' then 'Managed identities get no token: volumes, load balancers and image pulls fail.'
    when 'arm' then 'The cloud provider cannot attach disks or change load balancers.'
    when 'monitor' then 'Metrics and logs are lost, workloads go on.'
    when 'azure' then 'It may be one of the services that AKS needs.'
    else 'Whether AKS needs them cannot be told without service tags (az network list-service-tags).'
  end as text_cost,
  case class
    when 'time' then 'Internet' when 'tunnel' then 'AzureCloud' when 'registry' then 'MicrosoftContainerRegistry and AzureFrontDoor.FirstParty' when 'identity' then 'AzureActiveDirectory'
    when 'arm' then 'AzureResourceManager' when 'monitor' then 'AzureMonitor' else 'AzureCloud of the region'
  end as text_tag
from refused
where class is not null
group by class, dst_port, protocol, nsg, rule_name
having count(distinct (src_ip, src_port, dst_ip)) >= coalesce(getvariable('min_denied'), 3)
order by subject;
