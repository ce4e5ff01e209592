-- title: Refused over time
-- question: When was how much refused, by which NSG?
-- param: seconds integer 300 — length of an interval

select
  bucket(time, coalesce(getvariable('seconds'), 300)) as interval_start,
  nsg,
  count(*) as refused,
  count(distinct src_ip) as sources,
  count(distinct dst_ip) as destinations
from named_tuples
where decision = 'Deny'
group by bucket(time, coalesce(getvariable('seconds'), 300)), nsg
order by interval_start, nsg;
