-- title: Addresses without a name
-- question: Which addresses does the inventory not know, and how much do they do?
-- param: rows integer 50 — addresses to list

with ends as (
  select src_ip as ip, src_name as name, src_kind as kind, decision, time from named_tuples where is_new
  union all
  select dst_ip, dst_name, dst_kind, decision, time from named_tuples where is_new
)
select
  ip,
  min(kind) as kind,
  count(*) as flows,
  count(*) filter (where decision = 'Deny') as refused,
  min(time) as first_seen,
  max(time) as last_seen
from ends
where name is null
group by ip
order by flows desc, ip
limit (select coalesce(getvariable('rows'), 50));
