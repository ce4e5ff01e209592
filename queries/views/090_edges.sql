-- title: Who talks to whom, by workload and pool
-- question: Which edges are there between workloads, pools and machines, whatever addresses they have today?

-- What an end is called when its address may be another's tomorrow: workload, else pool, else what the network knows.
create or replace macro edge_end(kind, workload, pool, name, subnet) as
  case kind
    when 'pod' then coalesce(workload, 'pods of ' || pool, 'pods')
    when 'pod_unknown' then coalesce('pods of ' || pool, 'pods')
    when 'node' then coalesce('nodes of ' || pool, 'nodes')
    when 'public' then 'internet'
    when 'vnet' then coalesce('subnet ' || subnet, name, 'vnet')
    when 'platform' then 'azure'
    else coalesce(name, kind)
  end;

create or replace view edge_tuples as
select
  time, log, mac, direction, decision, state, is_new, protocol, src_ip, src_port, dst_ip, dst_port, rule_name, nsg, nic_node,
  src_kind, src_name, src_node, src_pod, src_workload, src_pool, src_role, src_subnet,
  dst_kind, dst_name, dst_node, dst_pod, dst_workload, dst_pool, dst_role, dst_subnet, service,
  packets_sent, bytes_sent, bytes_received, blob, record_index, tuple_index,
  edge_end(src_kind, src_workload, src_pool, src_name, src_subnet) as source,
  case when service is not null then service else edge_end(dst_kind, dst_workload, dst_pool, dst_name, dst_subnet) end as destination
from named_tuples
where rule_class <> 'platform'
  and not from_probe
  and src_kind is not null
  and dst_kind is not null
  and dst_port is not null;

comment on view edge_tuples is 'Tuples with the names of both ends at workload and pool level: rollouts, scale-out and reused addresses do not change them.';

create or replace view east_west as
select *
from new_flows
where not from_probe
  and frontend_id = 0
  and dst_port is not null
  and src_ip <> dst_ip
  and src_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet', 'peered', 'onprem')
  and dst_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet', 'peered', 'onprem')
  and (direction = 'Inbound' or decision = 'Deny');

comment on view east_west is 'New connections between nodes, pods and machines, as they arrived or were refused, Services'' pods included.';

create or replace view edge_facts as
select
  t.hour, t.src_id as src_id, t.dst_id as dst_id, t.frontend_id, t.dst_port, t.protocol, t.direction,
  min(t.time) as first_seen,
  max(t.time) as last_seen,
  max(t.time) filter (where t.is_new) as last_new,
  count(*) filter (where t.is_new) as connections,
  count(*) filter (where t.decision = 'Deny') as refused,
  max(t.kind_id) filter (where t.is_new) as kind_id,
  min(t.time) filter (where coalesce(t.bytes_sent, t.bytes_received) is not null) as first_counted,
  max(t.time) filter (where coalesce(t.bytes_sent, t.bytes_received) is not null) as last_counted,
  count(coalesce(t.bytes_sent, t.bytes_received)) as counted,
  sum(coalesce(t.bytes_sent, 0) + coalesce(t.bytes_received, 0))::bigint as bytes
from owned_tuples t
join sources s on s.src_id = t.src_id
join destinations d on d.dst_id = t.dst_id
where t.rule_class <> 'platform'
  and not t.from_probe
  and not t.is_repeated
  and t.dst_port is not null
  -- Whoever comes from the internet has too many names to be an edge of the cluster.
  and s.src_kind <> 'public'
  and d.dst_kind <> 'public'
group by t.hour, t.src_id, t.dst_id, t.frontend_id, t.dst_port, t.protocol, t.direction;

create or replace view edge_hours as
select
  *,
  edge_end(src_kind, src_workload, src_pool, src_name, src_subnet) as source,
  case when service is not null then service else edge_end(dst_kind, dst_workload, dst_pool, dst_name, dst_subnet) end as destination
from edge_facts
join sources using (src_id)
join destinations using (dst_id)
join frontend_services using (frontend_id);

comment on view edge_hours is 'Who talked to whom inside the network, by hour, direction and owners of the addresses; public ends left out.';

create or replace view edge_days as
with views as (
  select source, destination, dst_port, protocol, hour, direction, sum(bytes) as bytes
  from edge_hours
  group by source, destination, dst_port, protocol, hour, direction
), hours as (
  -- Both ends may log the same bytes: the larger sum of any one NIC's view counts.
  select source, destination, dst_port, protocol, hour, max(bytes) as bytes
  from views
  group by source, destination, dst_port, protocol, hour
), peaks as (
  select source, destination, dst_port, protocol, bucket(hour, 86400) as day, max(bytes) as peak_hour_bytes
  from hours
  group by source, destination, dst_port, protocol, bucket(hour, 86400)
), met as (
  select
    source, destination, dst_port, protocol, bucket(hour, 86400) as day,
    min(first_seen) as first_seen,
    max(last_seen) as last_seen,
    sum(connections) as connections,
    sum(refused) as refused
  from edge_hours
  -- Replies whose ends were swapped, and ports that a protocol hands out anew each time, are no edges.
  where (dst_port < 32768 or protocol not in (6, 17))
  group by source, destination, dst_port, protocol, bucket(hour, 86400)
)
select
  m.day, m.source, m.destination, m.dst_port as port, m.protocol::integer as protocol, m.first_seen, m.last_seen,
  m.connections::bigint as connections, m.refused::bigint as refused, coalesce(p.peak_hour_bytes, 0)::bigint as peak_hour_bytes
from met m
left join peaks p using (source, destination, dst_port, protocol, day);

comment on view edge_days is 'One row per day and edge inside the network: what `flowlog check` adds to the lake''s table baseline.';

create or replace view known_edges as
select day, source, destination, port, protocol, first_seen, last_seen, connections, refused, peak_hour_bytes from edge_days
union all
select day, source, destination, port, protocol, first_seen, last_seen, connections, refused, peak_hour_bytes from baseline;

comment on view known_edges is 'Edges of the window and of the baseline that earlier checks left in the lake; a day may be in both.';
