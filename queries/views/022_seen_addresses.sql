-- title: The addresses of the tuples
-- question: Which addresses does anybody have to know by name?

create or replace view seen_addresses as
select src_ip as ip from lake_tuples
union
select dst_ip from lake_tuples;

comment on view seen_addresses is 'Every address of the tuples, once.';
