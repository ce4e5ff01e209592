-- title: Encryption between VMs
-- question: Which flows are encrypted by the virtual network, and which are not?
-- limits: Only VNet flow logs have this field.

select
  encryption,
  coalesce(src_pool, src_kind, 'unknown') as source,
  coalesce(dst_pool, dst_kind, 'unknown') as destination,
  count(*) as tuples,
  sum(bytes_sent) as bytes_sent
from named_tuples
where encryption is not null
group by encryption, coalesce(src_pool, src_kind, 'unknown'), coalesce(dst_pool, dst_kind, 'unknown')
order by tuples desc, encryption, source, destination;
