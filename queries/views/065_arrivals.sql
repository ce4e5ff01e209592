-- title: Connections as clients see them
-- question: Which connections to a service arrived at a node, whatever is known of the service?

create or replace view service_arrivals as
select time, coalesce(service, dst_ip || ':' || dst_port) as service, src_ip as client, src_port, decision
from decided_flows
where direction = 'Inbound'
  and not from_probe
  and (frontend_id > 0 or not exists (select 1 from frontends));

comment on view service_arrivals is 'New connections that arrived for a frontend; without frontends in the inventory, for any address and port. A client repeats a refused SYN with the same ports: that is one connection.';
