-- title: Who reached for what inside the network
-- question: Which new connections went to nodes, pods and machines, and did they get through?

-- A pod's packets to a node carry its node's address on kubenet and overlay, and its own where pods have VNet addresses.
create or replace macro pods_hide_behind_nodes() as
  coalesce((select bool_or(coalesce(network_mode, '') not in ('node-subnet', 'pod-subnet')) from clusters), true);

-- What became of a number of tries, in words.
create or replace macro outcome_text(arrived, admitted_by, refused, refused_by, sent) as
  array_to_string(without_nulls([
    case when arrived > 0 then arrived || ' let in by ' || array_to_string(admitted_by, ', ') end,
    case when refused > 0 then refused || ' refused by ' || array_to_string(refused_by, ', ') end,
    case when sent > 0 then sent || ' seen leaving only' end
  ]), ', ');

-- The first few of a list, and how many more.
create or replace macro some_of(items) as
  array_to_string(list_slice(items, 1, 8), ', ') || case when len(items) > 8 then ' and ' || (len(items) - 8) || ' more' else '' end;

create or replace macro minutes_text(first_seen, last_seen) as
  case when epoch_ms(last_seen) - epoch_ms(first_seen) <= 60000 then 'a minute' else ceil((epoch_ms(last_seen) - epoch_ms(first_seen)) / 60000)::bigint || ' minutes' end;

-- An address with its name, if it has one.
create or replace macro who(name, ip) as
  case when name is null or name = ip then ip else name || ' (' || ip || ')' end;

create or replace macro trusting_text(admitted_by) as
  case when len(admitted_by) > 0 then ' ' || array_to_string(admitted_by, ', ') || ' let it in: look whether ' || case when len(admitted_by) = 1 then 'that rule trusts' else 'these rules trust' end || ' too much.' else '' end;

create or replace macro sent_only_text(sent) as
  case when sent > 0 then sent || ' tries are seen leaving only: the log of the other end is missing, so whether they got in is not known.' end;

-- Why a pod may be the one behind its node's address.
create or replace macro candidate(pod, host_network) as
  pod || case when host_network then ' (in the node''s network)' else ' (masqueraded by the node)' end;

create or replace macro pods_of_source(node, pods) as
  case when len(pods) > 0 then node || '''s address stands for the node or any of its pods, and the log cannot tell which: ' || some_of(pods) || '.' end;

-- The times in which some Service's pod listened at an address and port, whatever the Service.
create or replace view served_ports as
with begun as (
  select
    ip, target_port, valid_from, valid_to,
    case when valid_from <= max(valid_to) over (
      partition by ip, target_port order by valid_from, valid_to rows between unbounded preceding and 1 preceding
    ) then 0 else 1 end as starts
  from endpoints
), numbered as (
  select *, sum(starts) over (partition by ip, target_port order by valid_from, valid_to rows between unbounded preceding and current row) as stretch
  from begun
)
select ip, target_port, min(valid_from) as valid_from, max(valid_to) as valid_to
from numbered
group by ip, target_port, stretch;

create or replace view attempt_facts as
with inside as (
  select
    f.time, f.protocol, f.src_id, f.src_port, f.dst_id, f.dst_port, f.direction, f.decision, f.kind_id, f.log_id, f.record_index, f.tuple_index,
    (e.ip is not null)::boolean as to_endpoint
  from new_flows f
  left join served_ports e on e.ip = f.dst_ip and e.target_port = f.dst_port and f.time >= e.valid_from and f.time < e.valid_to
  where not f.from_probe
    and f.frontend_id = 0
    and f.dst_port is not null
    and f.protocol in (6, 17)
    and f.src_ip <> f.dst_ip
    and coalesce(f.src_kind, '') <> 'platform'
    and f.dst_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet', 'peered', 'onprem', 'infrastructure', 'private_endpoint')
    and not (e.ip is not null and f.dst_kind in ('pod', 'pod_unknown'))
), stitched as (
  -- Both ends may log it, and a refused SYN is repeated: one try all the same.
  select
    *,
    case when is_repeat(time, lag(time) over connection) then 0 else 1 end as starts
  from inside
  window connection as (partition by protocol, src_id, src_port, dst_id, dst_port order by time, direction, log_id, record_index, tuple_index)
), numbered as (
  select
    *,
    sum(starts) over (connection rows between unbounded preceding and current row) as attempt
  from stitched
  window connection as (partition by protocol, src_id, src_port, dst_id, dst_port order by time, direction, log_id, record_index, tuple_index)
), tries as (
  select
    protocol, src_id, src_port, dst_id, dst_port,
    min(time) as time,
    max(time) as last_time,
    count(*) as tuples,
    -- Allowed on its way out says nothing of the other end.
    case
      when max(epoch_ms(time)) filter (where direction = 'Inbound' and decision = 'Allow') > coalesce(max(epoch_ms(time)) filter (where decision = 'Deny'), -1) then 'arrived'
      when bool_or(decision = 'Deny') then 'refused'
      else 'sent'
    end as outcome,
    max(kind_id) filter (where decision = 'Deny') as refused_by,
    max(kind_id) filter (where direction = 'Inbound' and decision = 'Allow') as admitted_by,
    bool_or(to_endpoint) as to_endpoint
  from numbered
  group by protocol, src_id, src_port, dst_id, dst_port, attempt
)
select
  protocol, src_id, src_port, dst_id, dst_port, time, last_time, tuples, outcome, to_endpoint,
  case outcome when 'refused' then refused_by when 'arrived' then admitted_by end as decided_by
from tries;

create or replace view attempts as
select
  *,
  case when outcome = 'refused' then coalesce(nsg, 'unknown NSG') || '/' || coalesce(rule_name, 'unknown rule') end as refused_by,
  case when outcome = 'arrived' then coalesce(nsg, 'unknown NSG') || '/' || coalesce(rule_name, 'unknown rule') end as admitted_by
from attempt_facts
join sources using (src_id)
join destinations using (dst_id)
left join (select kind_id as decided_by, nsg, rule_name from tuple_kinds) k using (decided_by);

comment on view attempts is 'New connections to nodes, pods and machines that no frontend and no Service''s pod explains: one row per try, whoever logged it and however often its SYN was repeated. outcome: arrived (let in where it went), refused, or sent (seen leaving only).';

create or replace view kubelet_clients as
select p.ip, p.node, p.pod, p.workload, p.valid_from, p.valid_to
from pods p
where p.duty = 'scraper'
union all
select n.ip, p.node, p.pod, p.workload, greatest(p.valid_from, n.valid_from) as valid_from, least(p.valid_to, n.valid_to) as valid_to
from pods p
join nodes n on n.node = p.node and p.valid_from < n.valid_to and n.valid_from < p.valid_to
where p.duty = 'scraper' and not coalesce(p.host_network, false) and pods_hide_behind_nodes();

comment on view kubelet_clients is 'Addresses that may ask kubelets of other nodes: the pods whose labels, account or image are those of a known scraper (pods.duty), and on kubenet and overlay the nodes they run on.';

-- A scraper that nobody knows by name: it began with the logs, goes on to their end, reaches nearly every other node, is never
-- refused, and asks about equally often all the time. Whoever breaks in does not begin before the logs do.
create or replace view steady_scrapers as
with spans as (
  select min(first_seen) as since, max(last_seen) as until from log_summary
), asked as (
  select a.src_ip, a.src_node, a.dst_port, a.dst_node, a.time, a.outcome, int_div(epoch_ms(a.time), 300000) as slice
  from attempts a
  where a.dst_kind = 'node'
    and a.protocol = 6
    and a.src_kind in ('node', 'pod', 'pod_unknown', 'vm')
), totals as (
  select
    src_ip, dst_port,
    count(distinct dst_node) as nodes,
    count(distinct src_node) as own_nodes,
    count(*) filter (where outcome = 'refused') as refused,
    min(time) as first_seen,
    max(time) as last_seen
  from asked
  group by src_ip, dst_port
), slices as (
  select src_ip, dst_port, slice, count(*)::double as tries
  from asked
  group by src_ip, dst_port, slice
), evenness as (
  -- The first and the last slice hold a part of their five minutes.
  select s.src_ip as src_ip, s.dst_port as dst_port, count(*) as slices, exact_median(s.tries) as usual, mad(s.tries) as deviation
  from slices s
  join totals t on t.src_ip = s.src_ip and t.dst_port = s.dst_port
  where s.slice > int_div(epoch_ms(t.first_seen), 300000) and s.slice < int_div(epoch_ms(t.last_seen), 300000)
  group by s.src_ip, s.dst_port
)
select t.src_ip as src_ip, t.dst_port as dst_port, t.nodes as nodes, t.first_seen as first_seen, t.last_seen as last_seen
from totals t
join evenness e on e.src_ip = t.src_ip and e.dst_port = t.dst_port
cross join spans l
where t.refused = 0
  and t.nodes >= 2
  and t.nodes >= 0.8 * ((select count(distinct node) from nodes) - t.own_nodes)
  and epoch_ms(t.first_seen) - epoch_ms(l.since) <= greatest(300000, 0.05 * (epoch_ms(l.until) - epoch_ms(l.since)))
  and epoch_ms(l.until) - epoch_ms(t.last_seen) <= greatest(300000, 0.05 * (epoch_ms(l.until) - epoch_ms(l.since)))
  and e.slices >= 4
  and e.slices >= 0.9 * (int_div(epoch_ms(t.last_seen), 300000) - int_div(epoch_ms(t.first_seen), 300000) - 1)
  and e.deviation <= 0.25 * e.usual;

comment on view steady_scrapers is 'Sources that ask one port of nearly all other nodes evenly from the beginning of the logs to their end and are never refused: monitoring, whatever it is called.';

create or replace view node_speakers as
select node, pod, coalesce(host_network, false)::boolean as host_network, valid_from, valid_to
from pods
where coalesce(host_network, false) or pods_hide_behind_nodes();

-- The pods that hid behind a node's address at some time between two.
create or replace macro hidden_pods(end_kind, end_node, since, until) as
  (select sorted_set(candidate(p.pod, p.host_network)) from node_speakers p where end_kind = 'node' and p.node = end_node and p.valid_from <= until and p.valid_to > since);

comment on view node_speakers is 'Pods whose packets to other nodes carry their node''s address.';

create or replace view local_hops as
select h.*
from second_hops h
where h.service_type = 'LoadBalancer'
  and h.traffic_policy = 'Local'
  -- Address translations of Cluster mode live on for some minutes.
  and not exists (
    select 1 from services s
    where s.service = h.hop_service and coalesce(s.traffic_policy, 'Cluster') <> 'Local'
      and h.time >= s.valid_from and epoch_ms(h.time) - 600000 < epoch_ms(s.valid_to)
  )
  and not exists (
    select 1 from endpoints e
    join services s on s.service = e.service and s.type in ('LoadBalancer', 'NodePort') and coalesce(s.traffic_policy, 'Cluster') = 'Cluster'
    where e.ip = h.dst_ip and e.target_port = h.dst_port
      and h.time >= e.valid_from and h.time < e.valid_to and h.time >= s.valid_from and h.time < s.valid_to
  );

comment on view local_hops is 'A node''s connections to a pod of a Local-mode Service on another node, which outside traffic never makes. Left out: the first 10 minutes after Cluster mode, and pods that a Cluster-mode Service selects too.';
