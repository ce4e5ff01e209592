-- title: What an end talked to
-- question: What did this pod, workload, node or address talk to, and what was refused?
-- param: name varchar '' — a part of the pod's, workload's or node's name, or an address; empty for all
-- param: rows integer 50 — peers to list
-- limits: Behind a shared node address (overlay, kubenet) a pod's own connections carry the node's name.

with ends as (
  select
    time, src_ip, dst_ip, dst_port, protocol, decision, rule_name, nsg,
    array_to_string([src_ip, src_name, src_node, src_pod, src_workload], ' ') as src_text,
    array_to_string([dst_ip, dst_name, dst_node, dst_pod, dst_workload, service], ' ') as dst_text,
    coalesce(src_workload, src_name, src_ip) as source,
    coalesce(service, dst_workload, dst_name, dst_ip) as destination
  from named_tuples
  where is_new and not from_probe
)
select
  source,
  destination,
  dst_port as port,
  protocol,
  count(*) filter (where decision = 'Allow') as allowed,
  count(*) filter (where decision = 'Deny') as refused,
  min(nsg) filter (where decision = 'Deny') as nsg,
  min(rule_name) filter (where decision = 'Deny') as rule,
  min(time) as first_seen,
  max(time) as last_seen
from ends
where contains(src_text, coalesce(getvariable('name'), '')) or contains(dst_text, coalesce(getvariable('name'), ''))
group by source, destination, dst_port, protocol
order by refused desc, allowed desc, source, destination, port, protocol
limit (select coalesce(getvariable('rows'), 50));
