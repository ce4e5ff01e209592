-- title: Many ports of one host in a short time
-- question: Which source tried how many ports of which host within ten minutes?

create or replace view port_tries as
select a.*
from attempts a
left join served_ports e on e.ip = a.src_ip and e.target_port = a.src_port and a.time >= e.valid_from and a.time < e.valid_to
where a.dst_port < 32768
  -- After an outage of the platform rows come with their ends swapped: the source then holds a service's port.
  and coalesce(a.src_port, 65535) >= 1024
  and e.ip is null;

comment on view port_tries is 'attempts at ports below 32768 whose ends are surely not swapped.';

create or replace view port_scans as
with windows as (
  -- Windows overlap by half, so that no burst of five minutes falls between two.
  select
    src_ip, dst_ip, o.phase, int_div(epoch_ms(time) + o.phase, 600000) as number,
    min(time) as first_seen, max(time) as last_seen,
    count(distinct dst_port) as ports,
    count(distinct dst_port) filter (where outcome = 'refused') as refused_ports
  from port_tries
  cross join (select unnest([0, 300000]) as phase) o
  group by src_ip, dst_ip, o.phase, int_div(epoch_ms(time) + o.phase, 600000)
), loud as (
  select * from windows
  where (ports >= coalesce(getvariable('min_ports'), 15) and refused_ports >= coalesce(getvariable('min_refused_share'), 0.5) * ports)
    or ports >= coalesce(getvariable('min_ports_any'), 30)
), joined as (
  select
    *,
    case when first_seen <= max(last_seen) over (
      partition by src_ip, dst_ip order by first_seen, last_seen, phase rows between unbounded preceding and 1 preceding
    ) then 0 else 1 end as starts
  from loud
), numbered as (
  select *, sum(starts) over (partition by src_ip, dst_ip order by first_seen, last_seen, phase rows between unbounded preceding and current row) as scan
  from joined
), spans as (
  select src_ip, dst_ip, scan, min(first_seen) as first_seen, max(last_seen) as last_seen
  from numbered
  group by src_ip, dst_ip, scan
), paused as (
  select
    s.src_ip, s.dst_ip, s.scan, a.time, a.dst_port,
    case when epoch_ms(a.time) - epoch_ms(lag(a.time) over (partition by s.src_ip, s.dst_ip, s.scan order by a.time, a.dst_port, a.src_port)) <= 120000 then 0 else 1 end as starts
  from spans s
  join port_tries a on a.src_ip = s.src_ip and a.dst_ip = s.dst_ip and a.time between s.first_seen and s.last_seen
), bursts as (
  select *, sum(starts) over (partition by src_ip, dst_ip, scan order by time, dst_port rows between unbounded preceding and current row) as burst
  from paused
), sized as (
  select src_ip, dst_ip, scan, burst, min(time) as first_seen, max(time) as last_seen, count(distinct dst_port) as ports
  from bursts
  group by src_ip, dst_ip, scan, burst
)
-- One or two ports long before or after are something else that happened to lie in the window.
select
  src_ip, dst_ip, scan,
  coalesce(min(first_seen) filter (where ports >= 3), min(first_seen)) as first_seen,
  coalesce(max(last_seen) filter (where ports >= 3), max(last_seen)) as last_seen
from sized
group by src_ip, dst_ip, scan;

comment on view port_scans is 'Times in which a source tried at least 15 ports of one host within 10 minutes, half of them refused, or at least 30, whatever became of them.';
