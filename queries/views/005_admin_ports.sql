-- title: Administrative ports
-- question: Which ports administer a machine, or the cluster that runs on it?

-- The one list: what findings and reports call administration. Those of a machine are LAT-003, those of the cluster LAT-004 and LAT-006.
create or replace view admin_ports as
select *
from (values
  (22, 'SSH', 'machine', 'strong', 'T1021.004'),
  (23, 'Telnet', 'machine', 'other', 'T1021'),
  (135, 'SMB and RPC', 'machine', 'other', 'T1021.002'),
  (139, 'SMB and RPC', 'machine', 'other', 'T1021.002'),
  (445, 'SMB and RPC', 'machine', 'other', 'T1021.002'),
  (2375, 'the Docker API', 'machine', 'strong', 'T1610'),
  (2376, 'the Docker API', 'machine', 'strong', 'T1610'),
  (3389, 'RDP', 'machine', 'strong', 'T1021.001'),
  (5900, 'VNC', 'machine', 'other', 'T1021'),
  (5985, 'WinRM', 'machine', 'strong', 'T1021.006'),
  (5986, 'WinRM', 'machine', 'strong', 'T1021.006'),
  (2379, 'etcd', 'cluster', 'strong', 'T1613'),
  (2380, 'etcd', 'cluster', 'strong', 'T1613'),
  (6443, 'the API server', 'cluster', 'strong', 'T1613'),
  (10250, 'the kubelet', 'cluster', 'strong', 'T1609'),
  (10255, 'the kubelet, read only', 'cluster', 'other', 'T1613')
) as p (port, name, administers, strength, technique);

comment on view admin_ports is 'Ports that administer a machine or a cluster, all TCP. Who gets in by a strong one has the machine.';
