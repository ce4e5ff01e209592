-- title: Tries that are no burst
-- question: Which tries of sources inside the network belong to no fast scan and to no known caller?

-- An address of the network that the inventory does not know may be a machine all the same, if it ever says something.
create or replace view answered_tries as
select distinct src_ip, dst_ip, dst_port, protocol
from lake_tuples
where packets_received > 0 and direction = 'Outbound'
  and dst_ip in (select dst_ip from destinations where dst_kind = 'vnet');

comment on view answered_tries is 'Targets without an owner in the inventory that answered a source at least once.';

create or replace view slow_tries as
select a.*
from port_tries a
where a.src_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet', 'peered', 'onprem')
  and not a.to_endpoint
  and not is_bastion(a.src_ip)
  and a.dst_port not in (53, 123, 4240, 4244, 5473, 51871)
  and not exists (select 1 from port_scans s where s.src_ip = a.src_ip and s.dst_ip = a.dst_ip and a.time between s.first_seen and s.last_seen)
  and not exists (select 1 from kubelet_clients k where k.ip = a.src_ip and a.time >= k.valid_from and a.time < k.valid_to)
  and (a.src_ip, a.dst_port) not in (select src_ip, dst_port from steady_scrapers)
  and (a.src_id, a.dst_id, a.dst_port) not in (select src_id, dst_id, dst_port from declared_flows);

comment on view slow_tries is 'attempts of sources inside the network that no fast scan, no known scraper and no declaration explains: what LAT-016 counts over hours.';
