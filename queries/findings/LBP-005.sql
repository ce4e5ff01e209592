-- title: Expected probe never observed
-- question: Which backend's probe is missing from the logs although its NIC is logged?
-- severity: low
-- confidence: medium
-- inputs: nics, probes, backends
-- param: min_minutes double 5 — minutes without a probe before it is reported
-- false positives: a stale load-balancer export; NSG flow logs of one level only; a node that left the backend pool since the export
-- explanation: No probe to {node}:{port} for {service} was logged for {minutes} minutes, although {node} is in its backend pool and its NIC logged {count} other connections meanwhile. Either the probe is decided at an NSG whose log is not collected, or the load balancer no longer has this node, or the export is stale.
-- fix: Nothing to change in an NSG. Compare with `az network lb list` and `az network watcher flow-log list`; import a fresh export with `flowlog inventory import`; prefer VNet flow logs, which need one level only.
-- limits: That a probe is not in the log does not prove that it was not sent.
-- evidence-sql: select time, mac, nic_node, direction, src_ip, src_port, dst_ip, dst_port, nsg, rule_name, blob, record_index, tuple_index from new_flows where nic_node = {node} and nic_certain and not (from_probe and dst_port = {port}) and time between {first_seen} and {last_seen}

with active as (
  select nic_node as node, min(time) as first_row, max(time) as last_row
  from new_flows
  where nic_certain and nic_node is not null
  group by nic_node
), expected as (
  select
    p.service as service,
    p.port as service_port,
    p.probe_port,
    b.node as node,
    greatest(a.first_row, p.valid_from, b.valid_from) as since,
    least(a.last_row, p.valid_to, b.valid_to) as until
  from probes p
  join backends b on b.service = p.service and b.valid_from < p.valid_to and p.valid_from < b.valid_to
  join active a on a.node = b.node
  where p.probe_port is not null
), silent as (
  select
    e.service,
    e.service_port,
    e.probe_port,
    e.node,
    coalesce(max(f.time), e.since) as silent_from,
    e.until
  from expected e
  left join new_flows f on f.from_probe and f.nic_node = e.node and f.dst_port = e.probe_port and f.time >= e.since and f.time <= e.until
  where e.since < e.until
  group by e.service, e.service_port, e.probe_port, e.node, e.since, e.until
), long_silent as (
  select *
  from silent
  where epoch_ms(until) - epoch_ms(silent_from) >= coalesce(getvariable('min_minutes'), 5) * 60000
)
select
  s.service || ':' || s.service_port || ' at ' || s.node as subject,
  min(f.time) as first_seen,
  max(f.time) as last_seen,
  count(*) as count,
  'low' as severity,
  'medium' as confidence,
  s.service,
  [s.node] as nodes,
  s.probe_port as port,
  s.node,
  s.service_port,
  round_to((epoch_ms(s.until) - epoch_ms(s.silent_from)) / 60000, 1) as minutes
from long_silent s
join new_flows f on f.nic_node = s.node and f.nic_certain and not (f.from_probe and f.dst_port = s.probe_port)
  and f.time >= s.silent_from and f.time <= s.until
group by s.service, s.service_port, s.probe_port, s.node, s.silent_from, s.until
order by subject;
