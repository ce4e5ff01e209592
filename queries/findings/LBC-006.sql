-- title: Ingress allow list cannot work: the client's address is hidden
-- question: Which Ingress filters on client addresses that its controller never sees?
-- severity: high
-- confidence: high
-- inputs: services, ingresses, frontends, nics, backends?, clusters?
-- false positives: a controller that takes the client's address from a header set by a trusted proxy in front
-- explanation: {ingress} admits only {allow_list}, but {service} runs in Cluster mode: {text_sees} {text_effect}
-- fix: No NSG rule repairs this. Set externalTrafficPolicy Local on {service} (and keep its pods in the ingress pool), or filter before the address is lost: spec.loadBalancerSourceRanges, for an internal load balancer with the annotation service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges "true".
-- limits: The controller's answers (403) are not in flow logs; this follows from how the Service is set up.
-- evidence-sql: select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, decision, nsg, rule_name, blob, record_index, tuple_index from client_flows where service = {service} and time between {first_seen} and {last_seen}

with filtered as (
  select
    i.ingress,
    i.annotation,
    i.allow_list,
    s.service as service,
    greatest(i.valid_from, s.valid_from) as valid_from,
    least(i.valid_to, s.valid_to) as valid_to
  from ingresses i
  join services s on s.service = i.service and i.valid_from < s.valid_to and s.valid_from < i.valid_to
  where nullif(trim(i.allow_list), '') is not null
    and not list_contains(comma_items(i.allow_list), '0.0.0.0/0')
    and s.type = 'LoadBalancer'
    and coalesce(s.traffic_policy, 'Cluster') = 'Cluster'
), cluster_ranges as (
  -- Addresses that the controller sees instead: nodes, and on their own node also addresses of the pod range.
  select ip as range from backends
  union
  select ip from nodes
  union
  select trim(cidr) from (select unnest(string_split(pod_cidr, ',')) as cidr from clusters where pod_cidr is not null)
), opened as (
  select distinct f.ingress
  from filtered f
  join cluster_ranges r on in_prefixes(r.range, f.allow_list)
), dataplanes as (
  select bool_or(lower(coalesce(dataplane, '')) = 'cilium') as cilium from clusters
)
select
  f.ingress || ' of ' || f.service as subject,
  min(c.time) as first_seen,
  max(c.time) as last_seen,
  count(*) as count,
  case when o.ingress is not null then 'critical' else 'high' end as severity,
  'high' as confidence,
  f.service as service,
  min(c.dst_ip) as destination,
  sorted_set(c.nic_node) as nodes,
  min(c.dst_port) as port,
  f.ingress as ingress,
  f.allow_list,
  f.annotation,
  case when d.cilium
    then 'Cilium keeps the client''s address only when the pod is on the node that got the connection, and puts the node''s in its place otherwise.'
    else 'kube-proxy replaces the client''s address by the node''s before the controller sees it.'
  end as text_sees,
  case
    when o.ingress is not null then 'The list covers addresses of the nodes or pods themselves, so it admits everyone: it protects nothing.'
    when d.cilium then 'So listed clients are refused (403) now and then.'
    else 'So every client is refused (403), listed or not.'
  end as text_effect
from filtered f
join client_flows c on c.service = f.service and c.time >= f.valid_from and c.time < f.valid_to
left join opened o on o.ingress = f.ingress
cross join dataplanes d
group by f.ingress, f.service, f.allow_list, f.annotation, o.ingress, d.cilium
order by subject;
