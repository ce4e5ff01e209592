-- title: Hours in which a NIC is in both kinds of log
-- question: Where would one flow be counted twice, once from an NSG log and once from a VNet log?

create or replace view double_logged as
select mac, hour
from log_summary
where mac is not null
group by mac, hour
having bool_or(format = 'vnet-v4') and bool_or(format <> 'vnet-v4');

comment on view double_logged is 'NIC and hour found in NSG logs and in VNet logs; the named views keep the VNet rows of such an hour and leave the others out.';
