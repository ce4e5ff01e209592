-- title: Flows
-- question: Which tuples are one flow, and how much did it carry?

create or replace view flows as
with neighbours as (
  select
    *,
    lag(state) over key as state_before,
    lag(time) over key as time_before,
    lead(state) over key as state_after,
    lead(time) over key as time_after
  from owned_tuples
  window key as (
    partition by log, mac, protocol, src_ip, src_port, dst_ip, dst_port, direction, rule, acl_id
    order by time, blob, record_index, tuple_index
  )
), ordered as (
  -- A flow can be re-created within one millisecond, its End and its new Begin listed in either order: End goes first.
  select
    *,
    case
      when state = 'Begin' and state_before in ('Begin', 'Continuing') and time_before < time and state_after = 'End' and time_after = time then 1
      else 0
    end as late
  from neighbours
), followed as (
  select
    *,
    lag(state) over key as previous_state,
    lag(time) over key as previous_time
  from ordered
  window key as (
    partition by log, mac, protocol, src_ip, src_port, dst_ip, dst_port, direction, rule, acl_id
    order by time, late, blob, record_index, tuple_index
  )
), started as (
  select
    *,
    coalesce(state = 'Begin' and previous_state = 'End' and previous_time = time, false)::boolean as recreates,
    case
      when state = 'Begin' then case when previous_state = 'End' and previous_time = time then 0 else 1 end
      when state is null or previous_time is null then 1
      when state = 'Denied' then case when previous_state = 'Denied' and is_repeat(time, previous_time) then 0 else 1 end
      when previous_state = 'End' then 1
      else 0
    end as starts
  from followed
), numbered as (
  select
    *,
    sum(starts) over (key rows between unbounded preceding and current row) as flow_number
  from started
  window key as (
    partition by log, mac, protocol, src_ip, src_port, dst_ip, dst_port, direction, rule, acl_id
    order by time, late, blob, record_index, tuple_index
  )
), lives as (
  select
    *,
    sum(case when recreates then 1 else 0 end) over (key order by time, late, blob, record_index, tuple_index rows between unbounded preceding and current row) as life,
    sum(case when recreates then 1 else 0 end) over key as recreated
  from numbered
  window key as (
    partition by log, mac, protocol, src_ip, src_port, dst_ip, dst_port, direction, rule, acl_id, flow_number
  )
)
select
  log,
  mac,
  direction,
  protocol,
  src_ip,
  src_port,
  dst_ip,
  dst_port,
  rule,
  rule_name,
  rule_class,
  acl_id,
  nsg,
  flow_number,
  min(time) as first_seen,
  max(time) as last_seen,
  count(*) as tuples,
  max(decision) as decision,
  bool_or(coalesce(state in ('Begin', 'Denied'), true)) as begun,
  bool_or(coalesce(state in ('End', 'Denied'), false)) as ended,
  max(recreated) as recreated,
  max(encryption) as encryption,
  -- The counters of a re-created flow run on: those after its last Begin hold the earlier ones too.
  sum(packets_sent) filter (where life = recreated) as packets_sent,
  sum(bytes_sent) filter (where life = recreated) as bytes_sent,
  sum(packets_received) filter (where life = recreated) as packets_received,
  sum(bytes_received) filter (where life = recreated) as bytes_received,
  sum(bytes_sent) as bytes_sent_added,
  sum(bytes_received) as bytes_received_added,
  bool_or(from_probe) as from_probe,
  -- Who they were when the flow was first seen.
  arg_min(src_id, time) as src_id,
  arg_min(dst_id, time) as dst_id,
  arg_min(nic_id, time) as nic_id,
  arg_min(frontend_id, time) as frontend_id,
  arg_min(is_repeated, time) as is_repeated
from lives
group by log, mac, direction, protocol, src_ip, src_port, dst_ip, dst_port, rule, rule_name, rule_class, acl_id, nsg, flow_number;

comment on view flows is 'Tuples of one NIC, 5-tuple and rule stitched Begin, Continuing, End. begun, ended: whether those tuples lie in the window. bytes_sent counts a re-created flow once; bytes_sent_added is the plain sum. Refused tuples within 130 seconds of each other are one flow.';
