-- title: How far the logs and the inventory can be trusted
-- question: Which NSG level is not logged, and which flows have ends that nobody knows?

create or replace view nic_logs as
select
  s.mac,
  k.log,
  lower(k.nsg) as nsg,
  sum(s.tuples)::bigint as tuples,
  min(s.first_seen) as first_seen,
  max(s.last_seen) as last_seen
from log_summary s
join tuple_kinds k on k.format = s.format
  and k.acl_id is not distinct from s.acl_id and k.rule is not distinct from s.rule
  and k.direction is not distinct from s.direction and k.decision is not distinct from s.decision
  and k.state is not distinct from s.state and k.protocol is not distinct from s.protocol
where s.mac is not null
group by s.mac, k.log, lower(k.nsg);

comment on view nic_logs is 'How many tuples of which NSG each NIC is in, by kind of log.';

create or replace view unlogged_levels as
with levels as (
  select mac, node, lower(short_name(nic_nsg)) as nic_nsg, lower(short_name(subnet_nsg)) as subnet_nsg
  from nics
  where node is not null and nic_nsg is not null and subnet_nsg is not null and lower(short_name(nic_nsg)) <> lower(short_name(subnet_nsg))
    and valid_from <= (select max(last_seen) from nic_logs) and valid_to > (select min(first_seen) from nic_logs)
), sides as (
  select mac, node, 'NIC' as level, nic_nsg as nsg, subnet_nsg as logged_nsg from levels
  union
  select mac, node, 'subnet', subnet_nsg, nic_nsg from levels
)
select
  s.mac,
  s.node,
  s.level,
  s.nsg,
  s.logged_nsg,
  l.tuples,
  l.first_seen,
  l.last_seen
from sides s
join nic_logs l on l.mac = s.mac and l.log = 'nsg' and l.nsg = s.logged_nsg
where s.nsg not in (select nsg from nic_logs where nsg is not null)
  and not exists (select 1 from nic_logs v where v.mac = s.mac and v.log = 'vnet');

comment on view unlogged_levels is 'NICs of nodes behind two NSGs of which the logs name only one: the other one''s decisions are not in the lake.';

create or replace view uncertain_flows as
with judged as (
  select
    *,
    case
      when src_kind is null or src_kind in ('vnet', 'pod_unknown') or (src_kind = 'onprem' and not src_certain) then src_ip
      when dst_kind is null or dst_kind in ('vnet', 'pod_unknown') or (dst_kind = 'onprem' and not dst_certain) then dst_ip
    end as ownerless,
    case
      when not src_certain then src_ip
      when not dst_certain then dst_ip
    end as unsure
  from new_flows
)
select
  *,
  case when ownerless is not null then 'no owner' when unsure is not null then 'two owners' else 'unknown NIC' end as problem,
  coalesce(ownerless, unsure, mac) as problem_at
from judged
where ownerless is not null or unsure is not null or not nic_certain;

comment on view uncertain_flows is 'New flows one end of which has no owner, or more than one, at that time, or whose MAC is not in the inventory.';
