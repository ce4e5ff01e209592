-- title: A Service's cluster address on the wire
-- question: Which node sends packets to a ClusterIP that its service proxy should have translated?
-- severity: medium
-- confidence: high
-- inputs: nodes, clusters, nics?, subnets?, services?, nsgs?, addresses
-- param: min_rows integer 3 — packets before it is reported
-- false positives: a service range that overlaps a real network (left out when the inventory shows the overlap)
-- explanation: {text_source} sent {connections} connections to {text_destinations}, addresses of Services, and they left {text_node} untranslated. kube-proxy or Cilium rewrites such addresses inside the node: it is not programmed there, or the sender is no part of the cluster.
-- fix: On {text_node}, look at kube-proxy (kubectl -n kube-system get pods -o wide, and its logs) or the Cilium agent; restart it. If the sender is no node, its route to the service range is wrong.
-- evidence-sql: select time, mac, nic_node, direction, decision, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from new_flows where dst_kind = 'service_cidr' and mac is not distinct from {mac} and src_ip = {source} and dst_ip in {destinations} and time between {first_seen} and {last_seen}

with overlapping as (
  select trim(p) as prefix from (select unnest(string_split(prefixes, ',')) as p from subnets where prefixes is not null)
)
select
  'cluster addresses from ' || coalesce(min(src_name), src_ip) as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  'medium' as severity,
  'high' as confidence,
  src_ip as source,
  min(src_node) as source_node,
  min(dst_ip) as destination,
  sorted_set(nic_node) as nodes,
  max(nsg) as nsg,
  max(rule_name) as rule,
  min(dst_port) as port,
  mac,
  count(distinct (src_port, dst_ip, dst_port)) as connections,
  sorted_set(dst_ip) as destinations,
  coalesce(min(src_name), src_ip) || case when coalesce(min(src_name), src_ip) = src_ip then '' else ' (' || src_ip || ')' end as text_source,
  some_of(sorted_set(coalesce(dst_name, dst_ip))) as text_destinations,
  coalesce(min(nic_node), min(nic_name), 'NIC ' || mac) as text_node
from new_flows f
where dst_kind = 'service_cidr'
  and not exists (select 1 from overlapping o where coalesce(in_prefix(f.dst_ip, o.prefix), false))
group by src_ip, mac
having count(*) >= coalesce(getvariable('min_rows'), 3)
order by subject, source;
