-- title: Tuples
-- question: What did the logs say, in words?

create or replace view nsg_names as
select
  lower(acl_key) as acl_key,
  max(nsg) as nsg,
  bool_or(coalesce(aks_managed, false)) as aks_managed
from nsgs
group by lower(acl_key);

create or replace view tuples as
with named as (
  select
    t.*,
    case when t.format = 'vnet-v4' then 'vnet' else 'nsg' end as log,
    lower(t.acl_id) as acl,
    n.nsg as inventory_nsg,
    coalesce(n.aks_managed, lower(short_name(t.acl_id)) like 'aks-agentpool-%-nsg', false) as aks_managed
  from lake_tuples t
  left join nsg_names n on n.acl_key = lower(t.acl_id)
), classified as (
  select
    *,
    case
      when rule is null then 'unknown'
      when lower(rule) = 'platformrule' then 'platform'
      when lower(rule) = 'unspecified' then 'encryption'
      when aks_managed then 'aks_managed'
      when rule like 'UserRule%' then 'user'
      when rule like 'DefaultRule%' then 'default'
      when log = 'vnet' and acl is not null then 'admin'
      else 'unknown'
    end as rule_class
  from named
)
select
  * exclude (acl, inventory_nsg, aks_managed),
  case
    when rule like 'UserRule\__%' escape '\' then substr(rule, 10)
    when rule like 'DefaultRule\__%' escape '\' then substr(rule, 13)
    when rule_class = 'admin' then regexp_replace(rule, '_[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$', '')
    else rule
  end as rule_name,
  case
    when rule_class in ('platform', 'encryption') then null
    else coalesce(inventory_nsg, lower(short_name(acl)))
  end as nsg,
  (decision = 'Deny' or state is null or state = 'Begin') as is_new,
  (coalesce(direction, '') = 'Inbound' and (src_ip = '168.63.129.16' or src_ip like 'fe80:%')) as from_probe,
  bucket(time, 3600) as hour,
  bucket(time, 60) as minute,
  flag_names(flags) as flag_names
from classified;

comment on view tuples is 'One row per tuple of the logs. is_new: the rule decided now (C and E rows belong to flows decided earlier). nsg, rule_name: short names. from_probe: sent by the load balancer''s probe address.';
