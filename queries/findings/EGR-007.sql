-- title: Suspicious ports outside
-- question: Which node or pod uses ports of the internet that clusters have no use for?
-- severity: medium
-- confidence: medium
-- inputs: nodes, pods?, nsgs?, clusters?, addresses
-- attack: T1571, T1048, T1496
-- false positives: a managed database or a mail relay that is used on purpose (declare it in flowlog.json under dependencies); git over ssh
-- explanation: {text_source} used port {port} ({meaning}) of {destination_count} public addresses ({text_destinations}): {connections} connections, {refused} of them refused.
-- fix: Find the pod behind {text_source}. To cut it off, add an outbound Deny on the NSG of its subnet: destination {destination}/32, port {port}. If it is wanted, declare it in flowlog.json under dependencies.
-- evidence-sql: select time, mac, nic_node, direction, decision, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from new_flows where direction = 'Outbound' and dst_kind = 'public' and src_ip = {source} and dst_port = {port} and dst_ip in {all_destinations} and time between {first_seen} and {last_seen}

with ports(port, meaning) as (
  values (22, 'SSH'), (23, 'Telnet'), (25, 'mail'), (445, 'SMB'), (1433, 'SQL Server'), (3306, 'MySQL'), (3389, 'remote desktop'), (4444, 'remote shells'),
    (5432, 'PostgreSQL'), (6379, 'Redis'), (6667, 'IRC'), (8333, 'Bitcoin'), (9001, 'Tor'), (3333, 'mining pools'), (5555, 'mining pools'), (7777, 'mining pools'), (14433, 'mining pools'), (14444, 'mining pools'), (45700, 'mining pools')
), odd as (
  select f.*, p.meaning
  from new_flows f
  join ports p on p.port = f.dst_port
  where f.direction = 'Outbound'
    and f.dst_kind = 'public'
    and f.src_kind in ('node', 'pod', 'pod_unknown')
    and not exists (
      select 1 from config_dependencies d
      where names_end(d.source, f.src_ip, f.src_workload, f.src_pool, f.src_name) and names_end(d.destination, f.dst_ip, f.dst_workload, f.dst_pool, f.dst_name)
        and (d.port is null or d.port = f.dst_port)
    )
)
select
  coalesce(min(src_name), src_ip) || ' to the internet, port ' || dst_port as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  case when count(*) filter (where decision = 'Allow') > 0 then 'medium' else 'low' end as severity,
  'medium' as confidence,
  src_ip as source,
  min(src_node) as source_node,
  min(dst_ip) as destination,
  list_sort(list(distinct nic_node) filter (where nic_node is not null)) as nodes,
  max(nsg) as nsg,
  max(rule_name) as rule,
  dst_port as port,
  any_value(meaning) as meaning,
  count(distinct (src_port, dst_ip)) as connections,
  count(*) filter (where decision = 'Deny') as refused,
  count(distinct dst_ip) as destination_count,
  list_sort(list(distinct dst_ip)) as all_destinations,
  case when min(src_kind) = 'node' then (select list_sort(list(distinct candidate(p.pod, p.host_network))) from node_speakers p where p.node = min(src_node)) end as candidate_pods,
  coalesce(min(src_name), src_ip) || case when coalesce(min(src_name), src_ip) = src_ip then '' else ' (' || src_ip || ')' end as text_source,
  some_of(list_sort(list(distinct dst_ip))) as text_destinations
from odd
group by src_ip, dst_port
order by subject, source;
