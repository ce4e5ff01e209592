-- title: Totals
-- question: How much is in the window, and how much of it was refused?

select
  count(*) as tuples,
  count(*) filter (where is_new) as decided,
  count(*) filter (where is_new and decision = 'Deny') as refused,
  count(distinct rule_name || coalesce(nsg, '')) filter (where decision = 'Deny') as refusing_rules,
  coalesce(sum(bytes_sent), 0) + coalesce(sum(bytes_received), 0) as bytes,
  count(distinct mac) as nics,
  count(distinct blob) as blobs,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples;
