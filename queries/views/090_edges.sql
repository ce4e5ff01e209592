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
from edge_tuples
where is_new
  and service is null
  and src_ip <> dst_ip
  and src_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet', 'peered', 'onprem')
  and dst_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet', 'peered', 'onprem')
  and (direction = 'Inbound' or decision = 'Deny');

comment on view east_west is 'New connections between nodes, pods and machines, as they arrived or were refused, Services'' pods included.';

create or replace view edge_days as
with hours as (
  -- Both ends may log the same bytes: the larger sum of any one NIC''s view counts.
  select
    source, destination, dst_port, protocol, hour, sum(bytes) as bytes
  from (
    select
      source, destination, dst_port, protocol, bucket(time, 3600) as hour, direction,
      sum(coalesce(bytes_sent, 0) + coalesce(bytes_received, 0)) as bytes
    from edge_tuples
    where dst_kind <> 'public' and src_kind <> 'public'
    group by source, destination, dst_port, protocol, bucket(time, 3600), direction
    qualify row_number() over (partition by source, destination, dst_port, protocol, bucket(time, 3600) order by sum(coalesce(bytes_sent, 0) + coalesce(bytes_received, 0)) desc, direction) = 1
  )
  group by source, destination, dst_port, protocol, hour
), peaks as (
  select source, destination, dst_port, protocol, bucket(hour, 86400) as day, max(bytes) as peak_hour_bytes
  from hours
  group by source, destination, dst_port, protocol, bucket(hour, 86400)
), met as (
  select
    source, destination, dst_port, protocol, bucket(time, 86400) as day,
    min(time) as first_seen,
    max(time) as last_seen,
    count(*) filter (where is_new) as connections,
    count(*) filter (where decision = 'Deny') as refused
  from edge_tuples
  where dst_kind <> 'public' and src_kind <> 'public'
    -- Replies whose ends were swapped, and ports that a protocol hands out anew each time, are no edges.
    and (dst_port < 32768 or protocol not in (6, 17))
  group by source, destination, dst_port, protocol, bucket(time, 86400)
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
