-- title: States per format
-- question: How many tuples of each state does each log format hold?

select
  format,
  coalesce(state, 'none') as state,
  decision,
  count(*) as tuples,
  min(time) as first_seen,
  max(time) as last_seen
from tuples
group by format, coalesce(state, 'none'), decision
order by format, coalesce(state, 'none'), decision;
