-- title: Connections that may be beacons
-- question: Which connections of nodes, pods and machines have no known reason to be regular?

-- Ports that a well-known service has by its standard or by everybody's habit: a connection to one is no odd port.
create or replace macro is_usual_port(port) as
  port in (21, 22, 25, 53, 80, 88, 110, 123, 143, 389, 443, 445, 465, 514, 587, 636, 853, 993, 995, 1433, 1521, 1883, 3306, 3389, 4317, 4318, 5432, 5671, 5672, 6379, 6380, 6514,
    8080, 8086, 8123, 8443, 8883, 9000, 9042, 9092, 9093, 9200, 9300, 10255, 11211, 27017);

-- Pods of one workload that begin again and again: finished pods of a CronJob stay in the inventory for some runs.
create or replace view job_rhythms as
with starts as (
  select distinct workload, namespace, pod, ip, node, created
  from pods
  where workload like 'CronJob/%' and created is not null
), spaced as (
  select workload, namespace, pod, ip, node, created, (epoch_ms(created) - epoch_ms(lag(created) over (partition by workload, namespace order by created, pod))) / 1000.0 as gap
  from starts
)
select s.workload as workload, s.namespace as namespace, s.pod as pod, s.ip as ip, s.node as node, s.created as created, c.cadence as cadence
from starts s
join (
  select workload, namespace, exact_median(gap) as cadence from spaced where gap > 0 group by workload, namespace
) c on c.workload = s.workload and c.namespace = s.namespace;

comment on view job_rhythms is 'Pods of CronJobs with the time in seconds from one to the next.';

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
    -- A database on a machine is LAT-012, at whatever interval it is asked.
    and not (d.dst_kind = 'vm' and p.dst_port in (1433, 1521, 3306, 5432, 6379, 9042, 9200, 11211, 27017))
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
