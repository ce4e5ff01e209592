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
    and (f.src_id, f.dst_id, f.dst_port) not in (select src_id, dst_id, dst_port from declared_flows)
), grouped as (
  select
    src_ip,
    dst_port,
    any_value(meaning) as meaning,
    min(src_kind) as src_kind,
    min(src_name) as src_name,
    min(src_node) as src_node,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) as count,
    count(distinct (src_port, dst_ip)) as connections,
    count(*) filter (where decision = 'Deny') as refused,
    sorted_set(nic_node) as nodes,
    max(nsg) as nsg,
    max(rule_name) as rule,
    sorted_set(dst_ip) as destinations
  from odd
  group by src_ip, dst_port
)
select
  coalesce(src_name, src_ip) || ' to the internet, port ' || dst_port as subject,
  first_seen,
  last_seen,
  count,
  case when refused < count then 'medium' else 'low' end as severity,
  'medium' as confidence,
  src_ip as source,
  src_node as source_node,
  destinations[1] as destination,
  nodes,
  nsg,
  rule,
  dst_port as port,
  meaning,
  connections,
  refused,
  len(destinations) as destination_count,
  destinations as all_destinations,
  hidden_pods(src_kind, src_node, first_seen, last_seen) as candidate_pods,
  who(src_name, src_ip) as text_source,
  some_of(destinations) as text_destinations
from grouped
order by subject, source;
