-- title: The tuples at which a rule decided, as numbers
-- question: What did rules decide, in so few bytes that all of it can be asked again and again?

create or replace view logs as
select row_number() over (order by blob, mac)::integer as log_id, blob, mac
from (select distinct blob, mac from lake_tuples);

comment on view logs is 'Blobs and the NIC of each, numbered in their order.';

create or replace view facts as
select
  t.time, t.kind_id, l.log_id, t.nic_id, t.src_id, t.dst_id, t.frontend_id, t.src_port, t.dst_port, t.from_probe,
  t.record_index, t.tuple_index
from owned_tuples t
join logs l on l.blob = t.blob and l.mac is not distinct from t.mac
where t.is_new and not t.is_repeated;

comment on view facts is 'The tuples at which a rule decided, as numbers of tuple_kinds, logs, loggers, sources, destinations and frontend_services. A check computes it once.';

create or replace view decided_flows as
select *
from facts
join tuple_kinds using (kind_id)
join logs using (log_id)
join loggers using (nic_id)
join sources using (src_id)
join destinations using (dst_id)
join frontend_services using (frontend_id);

comment on view decided_flows is 'The tuples at which a rule decided (Begin, Denied, and every v1 tuple), with names; platform rules included.';

create or replace view new_flows as
select *
from decided_flows
where rule_class <> 'platform';

comment on view new_flows is 'The tuples at which a rule decided (Begin, Denied, and every v1 tuple), with names; platform rules left out. This is what most findings read.';
