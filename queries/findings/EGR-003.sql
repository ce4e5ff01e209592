-- title: DNS denied
-- question: Which rule refuses name resolution?
-- severity: critical
-- confidence: high
-- inputs: nodes, endpoints?, pods?, nsgs?, nics?, addresses
-- param: min_denied integer 3 — refused queries before it is reported
-- attack: T1071.004, T1048
-- false positives: a scan that also tries port 53 (left out); workloads with a resolver of their own
-- explanation: {nsg}/{rule} refuses {text_protocol} port 53 from {text_sources} to {text_what} ({text_destinations}): {queries} queries. {text_cost}
-- fix: {text_fix}
-- evidence-sql: select time, mac, nic_node, direction, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from new_flows where decision = 'Deny' and dst_port = 53 and protocol = {ip_protocol} and direction = {direction} and dst_ip in {destinations} and src_ip in {source_addresses} and nsg is not distinct from {nsg} and rule_name is not distinct from {rule} and time between {first_seen} and {last_seen}

with refused as (
  select
    f.*,
    case
      when exists (
        select 1 from endpoints e
        where e.ip = f.dst_ip and e.target_port = 53 and f.time >= e.valid_from and f.time < e.valid_to
      ) or regexp_matches(coalesce(f.dst_workload, ''), '(^|/)(coredns|kube-dns|node-local-dns)') then 'cluster'
      when f.dst_kind = 'public' then 'public'
      when f.dst_kind in ('vm', 'vnet', 'peered', 'onprem', 'infrastructure', 'private_endpoint', 'platform') then 'network'
    end as class
  from new_flows f
  where f.decision = 'Deny'
    and f.dst_port = 53
    and f.protocol in (6, 17)
    and f.src_kind in ('node', 'pod', 'pod_unknown')
    and not exists (select 1 from port_scans s where s.src_ip = f.src_ip and s.dst_ip = f.dst_ip and f.time between s.first_seen and s.last_seen)
), grouped as (
  select
    class, nsg, rule_name as rule, direction, protocol,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) as count,
    count(distinct (src_ip, src_port, dst_ip)) as queries,
    min(src_ip) as source,
    min(src_node) as source_node,
    sorted_set(src_ip) as source_addresses,
    sorted_set(coalesce(src_pool, src_name, src_ip)) as sources,
    sorted_set(dst_ip) as destinations,
    sorted_set(coalesce(src_node, nic_node)) as nodes,
    min(dst_pool) as dst_pool
  from refused
  where class is not null
  group by class, nsg, rule_name, direction, protocol
)
select
  class || ' DNS from ' || array_to_string(sources, ', ') || ' at ' || coalesce(nsg, 'unknown NSG') || '/' || coalesce(rule, 'unknown rule') || case protocol when 17 then ' (UDP)' else ' (TCP)' end as subject,
  first_seen,
  last_seen,
  count,
  case when class = 'public' then 'low' else 'critical' end as severity,
  case when class = 'network' then 'medium' else 'high' end as confidence,
  source,
  source_node,
  destinations[1] as destination,
  nodes,
  nsg,
  rule,
  53 as port,
  protocol::integer as ip_protocol,
  direction,
  queries,
  source_addresses,
  destinations,
  some_of(sources) as text_sources,
  some_of(destinations) as text_destinations,
  case protocol when 17 then 'UDP' else 'TCP' end as text_protocol,
  case class when 'cluster' then 'the cluster''s DNS' when 'network' then 'name servers of the network' else 'public name servers' end as text_what,
  case class
    when 'cluster' then 'Pods there cannot resolve any name.'
    when 'network' then 'CoreDNS and the nodes cannot resolve names outside the cluster.'
    else 'Nothing that AKS needs breaks; somebody goes round the cluster''s DNS, which is also how data is smuggled out.'
  end as text_cost,
  case class
    when 'cluster' then 'On ' || coalesce(nsg, 'the NSG') || ', add an ' || direction || ' Allow: source the node subnets and the pod CIDR, destination the pod CIDR (or the system subnet when pods have addresses of the VNet), UDP and TCP port 53, with a priority below that of ' || coalesce(rule, 'the rule') || '. The other direction needs the same.'
    when 'network' then 'On ' || coalesce(nsg, 'the NSG') || ', add an ' || direction || ' Allow: source the node subnets, destination ' || some_of(destinations) || ', UDP and TCP port 53, with a priority below that of ' || coalesce(rule, 'the rule') || '.'
    else 'Leave it denied, and find out who asks.'
  end as text_fix
from grouped
where queries >= coalesce(getvariable('min_denied'), 3)
order by subject;
