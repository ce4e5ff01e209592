-- title: Whose address
-- question: Who was this address, and when?
-- param: ip varchar '' — the address; empty for all
-- limits: Needs an inventory; without one it returns nothing.

select
  ip,
  kind,
  name,
  node,
  pod,
  workload,
  pool,
  role,
  service,
  subnet,
  certain,
  valid_from,
  valid_to
from addresses
where coalesce(getvariable('ip'), '') in ('', ip)
order by ip, valid_from, kind, name, service, node, pod, valid_to;
