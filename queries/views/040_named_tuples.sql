-- title: Tuples with names
-- question: Which node logged it, and who are the two ends?

create or replace view named_tuples as
select t.* exclude (is_repeated), n.* exclude (nic_id), s.* exclude (src_id, src_ip), d.* exclude (dst_id, dst_ip), f.service
from owned_tuples t
join loggers n on n.nic_id = t.nic_id
join sources s on s.src_id = t.src_id
join destinations d on d.dst_id = t.dst_id
join frontend_services f on f.frontend_id = t.frontend_id
where not t.is_repeated;

comment on view named_tuples is 'tuples with the NIC''s node (by MAC at that time; nic_certain = false when it had to be guessed from the addresses), both ends by name, and the service when the destination is a frontend. An hour of a NIC that is in both kinds of log is taken from the VNet log.';

create or replace view named_flows as
select t.* exclude (is_repeated), n.* exclude (nic_id), s.* exclude (src_id, src_ip), d.* exclude (dst_id, dst_ip), f.service
from flows t
join loggers n on n.nic_id = t.nic_id
join sources s on s.src_id = t.src_id
join destinations d on d.dst_id = t.dst_id
join frontend_services f on f.frontend_id = t.frontend_id
where not t.is_repeated;

comment on view named_flows is 'flows with the names of named_tuples, as they were when the flow was first seen.';
