-- title: What the logs cannot show
-- question: Which rows tell of traffic whose inside or other side is hidden?

create or replace view hidden_paths as
select
  *,
  case when dst_port = 51871 then 'wireguard' else 'private endpoint' end as path
from new_flows
where (protocol = 17 and dst_port = 51871 and src_kind = 'node' and dst_kind = 'node')
  or dst_kind = 'private_endpoint';

comment on view hidden_paths is 'New flows that carry others inside (WireGuard between nodes) or are logged on one side only (private endpoints).';

create or replace view nsg_log_rows as
select
  time, mac, direction, decision, src_ip, src_port, dst_ip, dst_port, format, coalesce(nsg, lower(short_name(acl_id))) as nsg, rule_name, blob, record_index, tuple_index
from tuples
where log = 'nsg';

comment on view nsg_log_rows is 'Tuples that came from NSG flow logs.';
