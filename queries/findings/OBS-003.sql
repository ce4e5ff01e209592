-- title: Traffic that these logs do not show
-- question: Which paths are encrypted or seen from one side only, so that findings about pods are blind there?
-- severity: info
-- confidence: high
-- inputs: nodes, nics?, addresses
-- false positives: none: this says what cannot be seen
-- explanation: {text_what}: {count} rows between {first_seen} and {last_seen}. {text_cost}
-- limits: Traffic within one node, ICMP, and ESP and AH in NSG flow logs are in no flow log at all.
-- evidence-sql: select time, mac, direction, decision, protocol, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from hidden_paths where path = {path} and time between {first_seen} and {last_seen}

select
  path as subject,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as count,
  'info' as severity,
  'high' as confidence,
  min(src_ip) as source,
  min(dst_ip) as destination,
  sorted_set(nic_node) as nodes,
  max(nsg) as nsg,
  max(rule_name) as rule,
  max(dst_port) as port,
  path,
  case path when 'wireguard' then 'Nodes talk WireGuard with each other (UDP 51871)' else 'Private endpoints are called' end as text_what,
  case path
    when 'wireguard' then 'What pods on different nodes say to each other is inside, so no finding about pods can see it; only node to node and outside traffic is judged.'
    else 'Azure logs such connections at the caller only: what arrives at the service behind the endpoint, and who else calls it, is not in these logs.'
  end as text_cost
from hidden_paths
group by path
order by subject;
