-- title: Connections that may be beacons
-- question: Which connections of nodes, pods and machines have no known reason to be regular?

create or replace view rhythm_connections as
with pairs as (
  -- What only depends on who and where is judged once per pair.
  select distinct src_id, dst_id, dst_port, protocol
  from new_flows
  where not from_probe
    and frontend_id = 0
    and protocol in (6, 17)
    and src_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet')
    and dst_kind in ('public', 'node', 'pod', 'pod_unknown', 'vm', 'vnet', 'peered', 'onprem')
    -- Time servers, name servers inside, and everything on a port that only the cluster's own agents use.
    and not (dst_port = 123 and protocol = 17)
    and not (dst_port = 53 and dst_kind <> 'public')
    and dst_port not in (4240, 4244, 5473, 51871)
), odd_pairs as (
  select
    p.src_id as src_id, p.dst_id as dst_id, p.dst_port, p.protocol,
    case when d.dst_kind = 'public' and d.dst_ip like '%.%.%.%' then regexp_extract(d.dst_ip, '^(\d+\.\d+\.\d+)\.', 1) || '.0/24' else d.dst_ip end as peer
  from pairs p
  join sources s on s.src_id = p.src_id
  join destinations d on d.dst_id = p.dst_id
  where not (d.dst_kind = 'public' and regexp_matches(coalesce(d.dst_name, ''), '^(AzureMonitor|MicrosoftContainerRegistry|AzureContainerRegistry|AzureFrontDoor|AzureActiveDirectory|AzureResourceManager|AzureKeyVault|GuestAndHybridManagement|AzureArcInfrastructure|WindowsVirtualDesktop|ApiManagement)'))
    and (p.src_id, p.dst_id, p.dst_port) not in (select src_id, dst_id, dst_port from declared_flows)
), unexplained as (
  -- Forwarded probes have a perfect period; so have applications that call Services, and scrapers.
  select f.*
  from (select * from new_flows join odd_pairs using (src_id, dst_id, dst_port, protocol)) f
  left join served_ports e on e.ip = f.dst_ip and e.target_port = f.dst_port and f.time >= e.valid_from and f.time < e.valid_to
  where not f.from_probe
    and f.frontend_id = 0
    and e.ip is null
    and not (f.dst_kind in ('node', 'pod', 'pod_unknown') and exists (
      select 1 from kubelet_clients k
      where k.ip = f.src_ip and f.time >= k.valid_from and f.time < k.valid_to
    ))
    and not (f.dst_kind = 'node' and exists (
      select 1 from service_ports o where f.dst_port in (o.node_port, o.health_port) and f.time >= o.valid_from and f.time < o.valid_to
    ))
)
-- Both ends may log it, and a refused SYN is repeated.
select *
from unexplained
qualify not coalesce(is_repeat(time, lag(time) over (
  partition by protocol, src_id, src_port, dst_id, dst_port order by time, direction, log_id, record_index, tuple_index
)), false);

comment on view rhythm_connections is 'New connections left over after what is known to be regular: probes and forwarded probes, Services, scrapers, time and name servers, the platform''s own services, declared dependencies. Public peers are grouped by /24.';
