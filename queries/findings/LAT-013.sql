-- title: A machine reaches nodes or pods past the load balancer
-- question: Which machine, peered network or site connects to nodes or pods directly instead of to a frontend?
-- severity: medium
-- confidence: medium
-- inputs: nodes, services?, service_ports?, endpoints?, nsgs?, nics?, addresses
-- attack: T1210, T1133
-- false positives: administration from a bastion (name it in flowlog.json); with Azure CNI, a machine in the cluster's own range that calls an internal load balancer in Local mode (left out when the node that handed it on is logged)
-- explanation: {text_source} connected to {text_destinations} port {text_ports} directly, past any load balancer: {tries} connections, {refused} of them refused. Rules that name the frontend do not see this way in.
-- fix: On {nsg}, let clients in to the frontend's address and port only, and deny other sources outside the cluster. If it is wanted, declare it in flowlog.json under dependencies or bastions.
-- evidence-sql: select time, mac, nic_node, direction, decision, src_ip, src_port, dst_ip, dst_port, dst_name, nsg, rule_name, blob, record_index, tuple_index from east_west where direction = 'Inbound' and src_ip = {source} and dst_kind = {kind} and dst_ip in {destinations} and dst_port in {ports} and time between {first_seen} and {last_seen}

with handed_on as (
  -- A node that sends out a packet with a foreign source is forwarding it.
  select distinct src_ip, src_port, dst_ip, dst_port
  from new_flows
  where direction = 'Outbound' and nic_node is not null and src_kind in ('vm', 'peered', 'onprem')
), direct as (
  select e.*
  from east_west e
  where e.direction = 'Inbound'
    and e.src_kind in ('vm', 'peered', 'onprem')
    and e.dst_kind in ('node', 'pod', 'pod_unknown')
    -- Node ports, remote administration and the kubelet have findings of their own (LAT-005, LAT-003, LAT-004).
    and not (e.dst_kind = 'node' and (e.dst_port between 30000 and 32767 or e.dst_port in (select port from admin_ports)))
    and not (e.dst_port >= 32768 and coalesce(e.src_port, 65535) < 32768)
    and not is_bastion(e.src_ip)
    and not exists (select 1 from handed_on h where h.src_ip = e.src_ip and h.src_port = e.src_port and h.dst_ip = e.dst_ip and h.dst_port = e.dst_port)
    and (e.src_id, e.dst_id, e.dst_port) not in (select src_id, dst_id, dst_port from declared_flows)
)
select
  case when dst_kind = 'node' then 'nodes' else 'pods' end || ' directly from ' || coalesce(min(src_name), src_ip) || case when coalesce(min(src_name), src_ip) = src_ip then '' else ' (' || src_ip || ')' end as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  case when count(*) filter (where decision = 'Allow') > 0 then 'medium' else 'low' end as severity,
  'medium' as confidence,
  src_ip as source,
  min(dst_ip) as destination,
  sorted_set(coalesce(dst_node, nic_node)) as nodes,
  max(nsg) as nsg,
  max(rule_name) as rule,
  min(dst_port) as port,
  dst_kind as kind,
  count(*) as tries,
  count(*) filter (where decision = 'Deny') as refused,
  sorted_set(dst_ip) as destinations,
  sorted_set(dst_port) as ports,
  coalesce(min(src_name), src_ip) || case when coalesce(min(src_name), src_ip) = src_ip then '' else ' (' || src_ip || ')' end as text_source,
  some_of(sorted_set(coalesce(dst_name, dst_ip))) as text_destinations,
  some_of(sorted_set(dst_port::varchar)) as text_ports
from direct
group by src_ip, dst_kind
order by subject, source;
