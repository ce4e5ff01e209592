-- title: Tuples
-- question: What did the logs say, in words?

create or replace view nsg_names as
select
  lower(acl_key) as acl_key,
  max(nsg) as nsg,
  bool_or(coalesce(aks_managed, false)) as aks_managed
from nsgs
group by lower(acl_key);

-- A pass over the lake that most questions about the logs themselves are answered from.
create or replace view log_summary as
select
  mac, bucket(time, 3600) as hour, format, acl_id, rule, direction, decision, state, protocol,
  count(*) as tuples, min(time) as first_seen, max(time) as last_seen
from lake_tuples
group by mac, bucket(time, 3600), format, acl_id, rule, direction, decision, state, protocol;

comment on view log_summary is 'Tuples counted per NIC, hour, rule, direction, decision, state and protocol.';

-- There are a few hundred kinds whatever the size of the lake, so what is worked out per kind costs nothing per row.
create or replace view tuple_kinds as
with named as (
  select
    t.*,
    case when t.format = 'vnet-v4' then 'vnet' else 'nsg' end as log,
    lower(t.acl_id) as acl,
    n.nsg as inventory_nsg,
    coalesce(n.aks_managed, lower(short_name(t.acl_id)) like 'aks-agentpool-%-nsg', false) as aks_managed
  from (select distinct format, acl_id, rule, direction, decision, state, protocol from log_summary) t
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
), worded as (
  select
    format, log, acl_id, rule, direction, decision, state, protocol, rule_class,
    case
      when rule like 'UserRule!__%' escape '!' then substr(rule, 10)
      when rule like 'DefaultRule!__%' escape '!' then substr(rule, 13)
      when rule_class = 'admin' then regexp_replace(rule, '_[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$', '')
      else rule
    end as rule_name,
    case
      when rule_class in ('platform', 'encryption') then null
      else coalesce(inventory_nsg, lower(short_name(acl)))
    end as nsg,
    (decision = 'Deny' or state is null or state = 'Begin')::boolean as is_new
  from classified
)
select
  -- The greatest of some kinds is the last by name of NSG and rule.
  row_number() over (
    order by coalesce(nsg, 'unknown NSG') || '/' || coalesce(rule_name, 'unknown rule'), format, acl_id, rule, direction, decision, state, protocol
  )::integer as kind_id,
  *
from worded;

comment on view tuple_kinds is 'What tuples of one format, rule, direction, decision, state and protocol have in common. is_new: the rule decided now (C and E rows belong to flows decided earlier). nsg, rule_name: short names.';

create or replace view tuples as
select
  t.*,
  k.kind_id,
  k.log,
  k.rule_class,
  k.rule_name,
  k.nsg,
  k.is_new,
  (coalesce(t.direction, '') = 'Inbound' and (t.src_ip = '168.63.129.16' or t.src_ip like 'fe80:%'))::boolean as from_probe,
  bucket(t.time, 3600) as hour,
  bucket(t.time, 60) as minute,
  flag_names(t.flags) as flag_names
from lake_tuples t
join tuple_kinds k on k.format = t.format
  and k.acl_id is not distinct from t.acl_id and k.rule is not distinct from t.rule
  and k.direction is not distinct from t.direction and k.decision is not distinct from t.decision
  and k.state is not distinct from t.state and k.protocol is not distinct from t.protocol;

comment on view tuples is 'One row per tuple of the logs. is_new: the rule decided now (C and E rows belong to flows decided earlier). nsg, rule_name: short names. from_probe: sent by the load balancer''s probe address.';
