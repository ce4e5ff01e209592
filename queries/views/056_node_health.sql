-- title: Nodes as the load balancer sees them
-- question: Which nodes were in rotation, minute by minute, by the whole way of their probe?

-- The share of time for which the load balancer takes a node for healthy: two probes in a row turn it either way, so it is a
-- chain of two states with mean times by renewal theory. unreachable is the share of pods that the node may not reach.
create or replace macro up_share(traffic_policy, own_pods, shared_probe, probe_refused, unreachable) as
  case
    when probe_refused then 0.0
    when traffic_policy = 'Local' then case when own_pods > 0 then 1.0 else 0.0 end
    when shared_probe or unreachable = 0 then 1.0
    when unreachable >= 1 then 0.0
    else ((1 + unreachable) / (unreachable * unreachable))
      / ((1 + unreachable) / (unreachable * unreachable) + (2 - unreachable) / ((1 - unreachable) * (1 - unreachable)))
  end;

create or replace view node_health as
with probed as (
  -- What the node's own NSGs did with the probe. A port that no known probe has is of no Service.
  select
    minute_of(f.time) as minute,
    coalesce(f.nic_node, f.mac) as node,
    p.service as service,
    p.port as service_port,
    f.dst_port as probe_port,
    max(f.time) as until,
    count(*) filter (where f.decision = 'Allow') as allowed,
    count(*) filter (where f.decision = 'Deny') as refused,
    min(f.nsg) filter (where f.decision = 'Deny') as probe_nsg,
    min(f.rule_name) filter (where f.decision = 'Deny') as probe_rule
  from new_flows f
  left join probe_times p on p.probe_port = f.dst_port and f.time >= p.valid_from and f.time < p.valid_to
  where f.from_probe and f.protocol = 6
  group by minute_of(f.time), coalesce(f.nic_node, f.mac), p.service, p.port, f.dst_port
), hops as (
  -- In Cluster mode the node hands the probe to a pod, which may be on another node.
  select
    minute_of(time) as minute,
    src_node as node,
    hop_service as service,
    service_port,
    dst_ip,
    count(*) filter (where decision = 'Deny') as refused,
    count(*) filter (where decision = 'Deny') * 2 > count(*) as is_cut_off,
    min(nsg) filter (where decision = 'Deny') as nsg,
    min(rule_name) filter (where decision = 'Deny') as rule
  from second_hops
  where protocol = 6
  group by minute_of(time), src_node, hop_service, service_port, dst_ip
), reach as (
  select
    minute, node, service, service_port,
    sum(refused) as refused,
    count(*) as tried,
    count(*) filter (where is_cut_off) as cut_off,
    min(nsg) as nsg,
    min(rule) as rule
  from hops
  group by minute, node, service, service_port
), hosted as (
  select
    p.minute as minute, p.node as node, p.service as service, p.service_port as service_port,
    count(distinct e.ip) as pods,
    count(distinct case when e.node = p.node then e.ip end) as own_pods
  from probed p
  join endpoints e on e.service = p.service and e.port = p.service_port and coalesce(e.protocol, 6) = 6 and e.ready
    and p.until >= e.valid_from and p.until < e.valid_to
  group by p.minute, p.node, p.service, p.service_port
), joined as (
  select
    p.minute as minute,
    p.node as node,
    p.service as service,
    p.service_port as service_port,
    p.probe_port as probe_port,
    p.allowed as allowed,
    p.refused as refused,
    p.probe_nsg as probe_nsg,
    p.probe_rule as probe_rule,
    s.traffic_policy as traffic_policy,
    coalesce(s.shared_probe, false)::boolean as shared_probe,
    coalesce(h.pods, 0) as pods,
    coalesce(h.own_pods, 0) as own_pods,
    coalesce(r.refused, 0)::bigint as hops_refused,
    r.nsg as hop_nsg,
    r.rule as hop_rule,
    -- Of the pods on other nodes those are known that were tried; the node's own are always reached.
    case
      when r.tried is null then 0.0
      else r.cut_off / r.tried * (greatest(coalesce(h.pods, 0) - coalesce(h.own_pods, 0), case when h.pods is null then 1 else 0 end) / greatest(coalesce(h.pods, 1), 1))
    end as unreachable
  from probed p
  left join services s on s.service = p.service and p.until >= s.valid_from and p.until < s.valid_to
  left join reach r on r.minute = p.minute and r.node = p.node and r.service = p.service and r.service_port = p.service_port
  left join hosted h on h.minute = p.minute and h.node = p.node and h.service = p.service and h.service_port = p.service_port
), judged as (
  select
    *,
    up_share(traffic_policy, case when pods = 0 then 1 else own_pods end, shared_probe, (refused * 2 > refused + allowed)::boolean, unreachable) as up
  from joined
)
select
  minute, node, service, service_port, probe_port, allowed, refused, traffic_policy, shared_probe, pods, own_pods, hops_refused, unreachable, up,
  case
    when up > 0.999 then 'healthy'
    when refused * 2 <= refused + allowed and traffic_policy = 'Local' then 'no pod here'
    when up > 0.001 then 'flapping'
    else 'unhealthy'
  end as state,
  case when up > 0.999 then null when refused * 2 > refused + allowed then probe_nsg else hop_nsg end as nsg,
  case when up > 0.999 then null when refused * 2 > refused + allowed then probe_rule else hop_rule end as rule
from judged;

comment on view node_health is 'One row per minute, node and probed Service port: what became of the probe on its whole way (the node''s own NSGs, the second hop to a pod, the traffic policy), and the share of time (up) for which the load balancer takes the node for healthy. "no pod here" is a node that answers 503 by design (Local mode).';
