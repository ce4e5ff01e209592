-- title: Management ports
-- question: Who connects to SSH, RDP, WinRM, SMB, the kubelet or etcd, and is it let in?
-- limits: The port says which protocol it probably is, not which one was spoken.

select
  p.name as what,
  t.dst_port as port,
  coalesce(t.src_name, t.src_ip) as source,
  t.src_role,
  coalesce(t.dst_name, t.dst_ip) as destination,
  t.dst_role,
  count(*) filter (where t.decision = 'Allow') as allowed,
  count(*) filter (where t.decision = 'Deny') as refused,
  min(t.time) as first_seen,
  max(t.time) as last_seen
from named_tuples t
join admin_ports p on p.port = t.dst_port
where t.is_new and t.protocol = 6
group by p.name, t.dst_port, coalesce(t.src_name, t.src_ip), t.src_role, coalesce(t.dst_name, t.dst_ip), t.dst_role
order by t.dst_port, allowed desc, refused desc, source, destination, t.src_role, t.dst_role;
