-- title: Tuples with names
-- question: Which node logged it, and who are the two ends?

create or replace view named_tuples as
select *
from owned_tuples
join loggers using (nic_id)
join sources using (src_id, src_ip)
join destinations using (dst_id, dst_ip)
join frontend_services using (frontend_id)
where not is_repeated;

comment on view named_tuples is 'tuples with the NIC''s node (by MAC at that time; nic_certain = false when it had to be guessed from the addresses), both ends by name, and the service when the destination is a frontend. An hour of a NIC that is in both kinds of log is taken from the VNet log.';

create or replace view named_flows as
select *
from flows
join loggers using (nic_id)
join sources using (src_id, src_ip)
join destinations using (dst_id, dst_ip)
join frontend_services using (frontend_id)
where not is_repeated;

comment on view named_flows is 'flows with the names of named_tuples, as they were when the flow was first seen.';
