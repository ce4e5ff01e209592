-- title: What the logs cover
-- question: Which NSGs that guard the nodes does no row name?

create or replace view unlogged_nsgs as
with attached as (
  select nic_nsg as nsg from nics where node is not null and nic_nsg is not null
  union
  select subnet_nsg from nics where node is not null and subnet_nsg is not null
), seen as (
  select distinct lower(nsg) as nsg from tuple_kinds where nsg is not null
)
select distinct short_name(a.nsg) as nsg
from attached a
where lower(short_name(a.nsg)) not in (select nsg from seen)
  and exists (select 1 from tuple_kinds where log = 'nsg')
  and not exists (select 1 from tuple_kinds where log = 'vnet');

comment on view unlogged_nsgs is 'NSGs of the nodes'' NICs and subnets that no row names, when only NSG flow logs are at hand.';
