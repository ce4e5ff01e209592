-- title: Connections that may be beacons
-- question: Which connections of nodes, pods and machines have no known reason to be regular?

create or replace view rhythm_connections as
with candidates as (
  select
    f.*,
    case when f.dst_kind = 'public' and f.dst_ip like '%.%.%.%' then regexp_extract(f.dst_ip, '^(\d+\.\d+\.\d+)\.', 1) || '.0/24' else f.dst_ip end as peer
  from new_flows f
  where not f.from_probe
    and f.service is null
    and f.protocol in (6, 17)
    and f.src_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet')
    and f.dst_kind in ('public', 'node', 'pod', 'pod_unknown', 'vm', 'vnet', 'peered', 'onprem')
    -- Time servers, name servers inside, and everything on a port that only the cluster's own agents use.
    and not (f.dst_port = 123 and f.protocol = 17)
    and not (f.dst_port = 53 and f.dst_kind <> 'public')
    and f.dst_port not in (4240, 4244, 5473, 51871)
    and not (f.dst_kind = 'public' and regexp_matches(coalesce(f.dst_name, ''), '^(AzureMonitor|MicrosoftContainerRegistry|AzureContainerRegistry|AzureFrontDoor|AzureActiveDirectory|AzureResourceManager|AzureKeyVault|GuestAndHybridManagement|AzureArcInfrastructure|WindowsVirtualDesktop|ApiManagement)'))
), unexplained as (
  -- Forwarded probes have a perfect period; so have applications that call Services, and scrapers.
  select c.*
  from candidates c
  where not exists (
      select 1 from endpoints e
      where e.ip = c.dst_ip and e.target_port = c.dst_port and c.time >= e.valid_from and c.time < e.valid_to
    )
    and not exists (
      select 1 from kubelet_clients k
      where k.ip = c.src_ip and c.dst_kind in ('node', 'pod', 'pod_unknown') and c.time >= k.valid_from and c.time < k.valid_to
    )
    and not (c.dst_kind = 'node' and exists (
      select 1 from service_ports p where c.dst_port in (p.node_port, p.health_port) and c.time >= p.valid_from and c.time < p.valid_to
    ))
    and not exists (
      select 1 from config_dependencies d
      where names_end(d.source, c.src_ip, c.src_workload, c.src_pool, c.src_name) and names_end(d.destination, c.dst_ip, c.dst_workload, c.dst_pool, c.dst_name)
        and (d.port is null or d.port = c.dst_port)
    )
)
-- Both ends may log it, and a refused SYN is repeated.
select *
from unexplained
qualify coalesce(epoch_ms(time) - epoch_ms(lag(time) over (
  partition by protocol, src_ip, src_port, dst_ip, dst_port order by time, direction, blob, record_index, tuple_index
)) > 130000, true);

comment on view rhythm_connections is 'New connections left over after what is known to be regular: probes and forwarded probes, Services, scrapers, time and name servers, the platform''s own services, declared dependencies. Public peers are grouped by /24.';
