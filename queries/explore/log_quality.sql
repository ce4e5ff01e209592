-- title: Oddities in the logs
-- question: What in the logs is not as documented, and how often?

with odd as (
  select format, blob, time, unnest(flag_names) as oddity
  from tuples
)
select
  format,
  oddity,
  count(*) as tuples,
  count(distinct blob) as blobs,
  min(blob) as example_blob,
  min(time) as first_seen,
  max(time) as last_seen
from odd
group by format, oddity
order by tuples desc, format, oddity;
