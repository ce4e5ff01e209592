-- title: Days in the lake
-- question: How many rows, blobs and NICs does each day hold, and how far behind were the records?
-- limits: The delay is from a tuple's time to its record's; the upload comes on top.

select
  cast(time as date) as day,
  format,
  count(*) as tuples,
  count(distinct blob) as blobs,
  count(distinct mac) as nics,
  count(*) filter (where decision = 'Deny') as refused,
  int_div(max(epoch_ms(record_time) - epoch_ms(time)), 1000) as longest_delay_seconds
from tuples
group by cast(time as date), format
order by day, format;
