-- title: Hours in which a NIC is in both kinds of log
-- question: Where would one flow be counted twice, once from an NSG log and once from a VNet log?

create or replace view double_logged as
select
  mac,
  bucket(time, 3600) as hour
from lake_tuples
where mac is not null
group by mac, bucket(time, 3600)
having count(distinct case when format = 'vnet-v4' then 'vnet' else 'nsg' end) > 1;

comment on view double_logged is 'NIC and hour found in NSG logs and in VNet logs; the named views keep the VNet rows of such an hour and leave the others out.';
