-- title: API server
-- question: Who talks to the Kubernetes API server, and how much?
-- limits: Needs an inventory that names the API server's address.

select
  coalesce(src_workload, src_node, src_name, src_ip) as client,
  src_role,
  dst_ip as api_server,
  dst_port as port,
  count(*) filter (where is_new and decision = 'Allow') as connections,
  count(*) filter (where decision = 'Deny') as refused,
  sum(bytes_sent) as bytes_sent,
  sum(bytes_received) as bytes_received,
  min(time) as first_seen,
  max(time) as last_seen
from named_tuples
where dst_kind = 'apiserver'
group by coalesce(src_workload, src_node, src_name, src_ip), src_role, dst_ip, dst_port
order by connections desc, client, api_server, port, src_role;
