namespace FlowLogAnalyzer.Tests.Nsg;

/// <param name="Network">vnet, kubenet (node routes), overlay, forced (default route to an appliance), hybrid (peering and gateway) or none.</param>
/// <param name="SubnetNsg">User rules separated by semicolons; "-" for no NSG.</param>
/// <param name="NicNsg">The same for the NIC.</param>
/// <param name="AdminRules">Security admin rules.</param>
/// <param name="Flow">What the NIC sees.</param>
/// <param name="Expected">Decision, deciding level, rule.</param>
/// <param name="Source">Where it is documented.</param>
public sealed record HandDecidedRule(string Network, string SubnetNsg, string NicNsg, string AdminRules, string Flow, string Expected, string Source)
{
    public override string ToString() => $"{Network}: {Flow} => {Expected}";
}

public static class HandDecidedRules
{
    private const string Overview = "Azure docs, network-security-groups-overview";
    private const string Defaults = Overview + ", Default security rules";
    private const string Rows = Overview + ", Security rules";
    private const string Augmented = Overview + ", Augmented security rules";
    private const string Platform = Overview + ", Azure platform considerations";
    private const string How = "Azure docs, network-security-group-how-it-works";
    private const string Intra = How + ", Intra-subnet traffic";
    private const string Tags = "Azure docs, service-tags-overview, Available service tags";
    private const string TagHost = "MicrosoftDocs/azure-docs issue 32725 (VirtualNetwork holds 168.63.129.16)";
    private const string TagRoutes = "MicrosoftDocs/azure-docs issue 22178 (VirtualNetwork and user-defined routes)";
    private const string Asgs = "Azure docs, application-security-groups";
    private const string Admins = "Azure docs, concept-security-admins, Admin rules and NSGs";
    private const string Host = "Azure docs, what-is-ip-address-168-63-129-16";
    private const string Probes = "Azure docs, load-balancer-custom-probe-overview, Probe source IP address";
    private const string Floating = "Azure docs, load-balancer-floating-ip, and kubernetes-sigs/cloud-provider-azure, docs topics/loadbalancer";
    private const string Kubenet = "AKS docs, configure-kubenet, network security groups and route tables";
    private const string Overlay = "AKS docs, concepts-network-azure-cni-overlay, Network security groups";
    private const string IPv6 = "Azure docs, ipv6-overview";
    private const string CloudProvider = "kubernetes-sigs/cloud-provider-azure, pkg/provider/loadbalancer/accesscontrol.go";
    private const string Unknown = "No source can decide this: the names have no known addresses";

    public static IReadOnlyList<HandDecidedRule> Rules { get; } =
    [
        // The default rules alone.
        On("vnet", "", "in tcp 10.10.1.4:40000 > 10.10.3.4:80", "Allow Subnet DefaultRule_AllowVnetInBound", Defaults),
        On("vnet", "", "in udp 10.10.1.4:40000 > 10.10.3.4:53", "Allow Subnet DefaultRule_AllowVnetInBound", Defaults),
        On("vnet", "", "in icmp 10.10.1.4 > 10.10.3.4", "Allow Subnet DefaultRule_AllowVnetInBound", Defaults),
        On("vnet", "", "in esp 10.10.1.4 > 10.10.3.4", "Allow Subnet DefaultRule_AllowVnetInBound", Defaults),
        On("vnet", "", "in tcp 20.50.1.1:40000 > 10.10.3.4:22", "Deny Subnet DefaultRule_DenyAllInBound", Defaults),
        On("vnet", "", "in icmp 20.50.1.1 > 10.10.3.4", "Deny Subnet DefaultRule_DenyAllInBound", Defaults),
        On("vnet", "", "in tcp 168.63.129.16:61001 > 10.10.3.4:31880", "Allow Subnet DefaultRule_AllowVnetInBound", TagHost),
        On("vnet", "", "out tcp 10.10.3.4:40000 > 10.10.1.4:80", "Allow Subnet DefaultRule_AllowVnetOutBound", Defaults),
        On("vnet", "", "out tcp 10.10.3.4:40000 > 20.50.1.1:443", "Allow Subnet DefaultRule_AllowInternetOutBound", Defaults),
        On("vnet", "", "out udp 10.10.3.4:40000 > 20.50.1.1:123", "Allow Subnet DefaultRule_AllowInternetOutBound", Defaults),
        On("vnet", "", "out tcp 10.10.3.4:40000 > 192.168.7.7:443", "Deny Subnet DefaultRule_DenyAllOutBound", Tags),
        On("vnet", "", "out tcp 10.10.3.4:40000 > 169.254.10.10:443", "Deny Subnet DefaultRule_DenyAllOutBound", Tags),
        On("vnet", "-", "in tcp 20.50.1.1:40000 > 10.10.3.4:22", "Allow None", How),

        // Priorities and directions.
        On("vnet", "deny-web 100 in deny Tcp * > *|80;allow-web 200 in allow Tcp * > *|80", "in tcp 20.50.1.1:40000 > 10.10.3.4:80", "Deny Subnet UserRule_deny-web", Rows),
        On("vnet", "deny-web 200 in deny Tcp * > *|80;allow-web 100 in allow Tcp * > *|80", "in tcp 20.50.1.1:40000 > 10.10.3.4:80", "Allow Subnet UserRule_allow-web", Rows),
        On("vnet", "allow-web 200 in allow Tcp * > *|80;deny-web 100 in deny Tcp * > *|80", "in tcp 20.50.1.1:40000 > 10.10.3.4:80", "Deny Subnet UserRule_deny-web", Rows),
        On("vnet", "deny-all 4096 in deny * * > *", "in tcp 10.10.1.4:40000 > 10.10.3.4:80", "Deny Subnet UserRule_deny-all", Rows),
        On("vnet", "deny-out 100 out deny * * > *", "in tcp 10.10.1.4:40000 > 10.10.3.4:80", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),
        On("vnet", "a 100 in allow Tcp * > *|80;b 100 out deny Tcp * > *|80", "in tcp 20.50.1.1:40000 > 10.10.3.4:80", "Allow Subnet UserRule_a", Rows),
        On("vnet", "deny-ssh 100 in deny Tcp * > *|22", "in tcp 10.10.1.4:40000 > 10.10.3.4:22", "Deny Subnet UserRule_deny-ssh", Rows),
        On("vnet", "deny-ssh 100 in deny Tcp * > *|22", "in tcp 10.10.1.4:40000 > 10.10.3.4:23", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),

        // Ports.
        On("vnet", "r 100 in deny Tcp * > *|8080-8084", "in tcp 10.10.1.4:40000 > 10.10.3.4:8080", "Deny Subnet UserRule_r", Rows),
        On("vnet", "r 100 in deny Tcp * > *|8080-8084", "in tcp 10.10.1.4:40000 > 10.10.3.4:8084", "Deny Subnet UserRule_r", Rows),
        On("vnet", "r 100 in deny Tcp * > *|8080-8084", "in tcp 10.10.1.4:40000 > 10.10.3.4:8085", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),
        On("vnet", "r 100 in deny Tcp * > *|8080-8084", "in tcp 10.10.1.4:40000 > 10.10.3.4:8079", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),
        On("vnet", "r 100 in deny Tcp * > *|80,443", "in tcp 10.10.1.4:40000 > 10.10.3.4:443", "Deny Subnet UserRule_r", Augmented),
        On("vnet", "r 100 in deny Tcp * > *|80,443", "in tcp 10.10.1.4:40000 > 10.10.3.4:81", "Allow Subnet DefaultRule_AllowVnetInBound", Augmented),
        On("vnet", "r 100 in deny Tcp * > *|8080-8084,8086", "in tcp 10.10.1.4:40000 > 10.10.3.4:8085", "Allow Subnet DefaultRule_AllowVnetInBound", Augmented),
        On("vnet", "r 100 in deny Tcp * > *|22-22", "in tcp 10.10.1.4:40000 > 10.10.3.4:22", "Deny Subnet UserRule_r", Rows),
        On("vnet", "r 100 in deny Tcp *|1024-2000 > *", "in tcp 10.10.1.4:1500 > 10.10.3.4:80", "Deny Subnet UserRule_r", Rows),
        On("vnet", "r 100 in deny Tcp *|1024-2000 > *", "in tcp 10.10.1.4:2001 > 10.10.3.4:80", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),

        // Protocols.
        On("vnet", "r 100 in deny Tcp * > *", "in udp 10.10.1.4:40000 > 10.10.3.4:53", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),
        On("vnet", "r 100 in deny * * > *|53", "in udp 10.10.1.4:40000 > 10.10.3.4:53", "Deny Subnet UserRule_r", Rows),
        On("vnet", "r 100 in deny Icmp * > *", "in icmp 10.10.1.4 > 10.10.3.4", "Deny Subnet UserRule_r", Rows),
        On("vnet", "r 100 in deny Icmp *|80 > *|80", "in icmp 10.10.1.4 > 10.10.3.4", "Deny Subnet UserRule_r", Rows),
        On("vnet", "r 100 in deny Icmp * > *", "in tcp 10.10.1.4:40000 > 10.10.3.4:80", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),
        On("vnet", "r 100 in deny Tcp * > *", "in icmp 10.10.1.4 > 10.10.3.4", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),
        On("vnet", "r 100 in deny Esp * > *", "in esp 10.10.1.4 > 10.10.3.4", "Deny Subnet UserRule_r", Rows),
        On("vnet", "r 100 in deny Ah * > *", "in esp 10.10.1.4 > 10.10.3.4", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),
        On("vnet", "r 100 in deny * * > *|38412", "in sctp 10.10.1.4:40000 > 10.10.3.4:38412", "Deny Subnet UserRule_r", CloudProvider),
        On("vnet", "r 100 in deny Icmp * > *", "in icmpv6 [fd00:10::5] > [fd00:10::4]", "Allow Subnet DefaultRule_AllowVnetInBound", IPv6),

        // Addresses and families.
        On("vnet", "r 100 in deny * 10.10.1.4 > *", "in tcp 10.10.1.4:40000 > 10.10.3.4:80", "Deny Subnet UserRule_r", Rows),
        On("vnet", "r 100 in deny * 10.10.1.4 > *", "in tcp 10.10.1.5:40000 > 10.10.3.4:80", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),
        On("vnet", "r 100 in deny * 10.10.1.0/24 > *", "in tcp 10.10.1.255:40000 > 10.10.3.4:80", "Deny Subnet UserRule_r", Rows),
        On("vnet", "r 100 in deny * 10.10.1.0/24 > *", "in tcp 10.10.2.0:40000 > 10.10.3.4:80", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),
        On("vnet", "r 100 in deny * 10.10.1.4,10.10.4.0/24 > *", "in tcp 10.10.4.9:40000 > 10.10.3.4:80", "Deny Subnet UserRule_r", Augmented),
        On("vnet", "r 100 in deny * * > 10.10.3.5", "in tcp 10.10.1.4:40000 > 10.10.3.4:80", "Allow Subnet DefaultRule_AllowVnetInBound", Rows),
        On("vnet", "r 100 in deny * 0.0.0.0/0 > *", "in tcp [fd00:10::5]:40000 > [fd00:10::4]:80", "Allow Subnet DefaultRule_AllowVnetInBound", IPv6),
        On("vnet", "r 100 in deny * * > *", "in tcp [fd00:10::5]:40000 > [fd00:10::4]:80", "Deny Subnet UserRule_r", IPv6),
        On("vnet", "r 100 in deny * ::/0 > *", "in tcp 10.10.1.4:40000 > 10.10.3.4:80", "Allow Subnet DefaultRule_AllowVnetInBound", IPv6),
        On("vnet", "r 100 in deny * ::/0 > *", "in tcp [fd00:10::5]:40000 > [fd00:10::4]:80", "Deny Subnet UserRule_r", IPv6),
        On("vnet", "", "out tcp [fd00:10::4]:40000 > [2a01:111::1]:443", "Allow Subnet DefaultRule_AllowInternetOutBound", IPv6),
        On("vnet", "", "in tcp [fe80::1234:5678:9abc]:40000 > [fd00:10::4]:80", "Allow Subnet DefaultRule_AllowAzureLoadBalancerInBound", "Azure docs, load-balancer-ipv6-overview"),

        // VirtualNetwork and Internet, which differ by subnet.
        On("kubenet", "", "in tcp 10.10.3.4:40000 > 10.244.1.10:80", "Allow Subnet DefaultRule_AllowVnetInBound", Kubenet),
        On("kubenet", "", "in tcp 10.244.0.9:40000 > 10.244.1.10:80", "Allow Subnet DefaultRule_AllowVnetInBound", Kubenet),
        On("kubenet", "", "in tcp 10.244.7.9:40000 > 10.244.1.10:80", "Deny Subnet DefaultRule_DenyAllInBound", Kubenet),
        On("vnet", "", "in tcp 10.10.3.4:40000 > 10.244.1.10:80", "Deny Subnet DefaultRule_DenyAllInBound", Tags),
        On("overlay", "", "in tcp 10.10.3.4:40000 > 10.244.1.10:80", "Allow Subnet DefaultRule_AllowVnetInBound", Overlay),
        On("forced", "", "in tcp 20.50.1.1:40000 > 10.10.3.4:22", "Allow Subnet DefaultRule_AllowVnetInBound", TagRoutes),
        On("forced", "", "out tcp 10.10.3.4:40000 > 20.50.1.1:443", "Allow Subnet DefaultRule_AllowVnetOutBound", TagRoutes),
        On("forced", "deny-vnet 100 out deny * * > VirtualNetwork", "out tcp 10.10.3.4:40000 > 20.50.1.1:443", "Deny Subnet UserRule_deny-vnet", TagRoutes),
        On("forced", "allow-vnet 100 out allow * * > VirtualNetwork;deny-net 200 out deny * * > Internet", "out tcp 10.10.3.4:40000 > 20.50.1.1:443", "Allow Subnet UserRule_allow-vnet", TagRoutes),
        On("vnet", "allow-vnet 100 out allow * * > VirtualNetwork;deny-net 200 out deny * * > Internet", "out tcp 10.10.3.4:40000 > 20.50.1.1:443", "Deny Subnet UserRule_deny-net", TagRoutes),
        On("hybrid", "", "in tcp 10.20.1.4:40000 > 10.10.3.4:80", "Allow Subnet DefaultRule_AllowVnetInBound", Tags),
        On("vnet", "", "in tcp 10.20.1.4:40000 > 10.10.3.4:80", "Deny Subnet DefaultRule_DenyAllInBound", Tags),
        On("hybrid", "", "in tcp 172.16.1.1:40000 > 10.10.3.4:80", "Allow Subnet DefaultRule_AllowVnetInBound", Tags),
        On("hybrid", "", "out tcp 10.10.3.4:40000 > 172.17.1.1:80", "Deny Subnet DefaultRule_DenyAllOutBound", Tags),
        On("vnet", "web 100 in allow Tcp Internet > *|80;rest 200 in deny * * > *", "in tcp 20.50.1.1:40000 > 10.10.3.4:80", "Allow Subnet UserRule_web", Tags),
        On("vnet", "web 100 in allow Tcp Internet > *|80;rest 200 in deny * * > *", "in tcp 10.10.1.4:40000 > 10.10.3.4:80", "Deny Subnet UserRule_rest", Tags),

        // Health probes.
        On("vnet", "deny-vnet 200 in deny * VirtualNetwork > *", "in tcp 168.63.129.16:61001 > 10.10.3.4:31880", "Deny Subnet UserRule_deny-vnet", TagHost),
        On("vnet", "allow-lb 100 in allow * AzureLoadBalancer > *;deny-vnet 200 in deny * VirtualNetwork > *", "in tcp 168.63.129.16:61001 > 10.10.3.4:31880", "Allow Subnet UserRule_allow-lb", Probes),
        On("vnet", "deny-vnet 100 in deny * VirtualNetwork > *;allow-lb 200 in allow * AzureLoadBalancer > *", "in tcp 168.63.129.16:61001 > 10.10.3.4:31880", "Deny Subnet UserRule_deny-vnet", TagHost),
        On("vnet", "allow-lb 100 in allow * AzureLoadBalancer > *;deny-all 200 in deny * * > *", "in tcp 10.10.4.4:50001 > 10.10.2.100:80", "Deny Subnet UserRule_deny-all", Tags),
        On("vnet", "deny-all 200 in deny * * > *", "in tcp 168.63.129.16:61001 > 10.10.3.4:31880", "Deny Subnet UserRule_deny-all", Probes),
        On("vnet", "deny-lb 100 in deny * AzureLoadBalancer > *", "in tcp 168.63.129.16:61001 > 10.10.3.4:31880", "Deny Subnet UserRule_deny-lb", Probes),
        On("vnet", "probe 100 in allow Tcp AzureLoadBalancer > *|31880;deny-all 200 in deny * * > *", "in tcp 168.63.129.16:61001 > 10.10.3.4:31049", "Deny Subnet UserRule_deny-all", Probes),

        // Load-balancer frontends.
        On("vnet", "", "in tcp 10.10.4.4:50001 > 10.10.2.100:80", "Allow Subnet DefaultRule_AllowVnetInBound", Floating),
        On("vnet", "", "in tcp 20.50.1.1:50001 > 20.60.0.1:80", "Deny Subnet DefaultRule_DenyAllInBound", Floating),
        On("vnet", "c 100 in allow Tcp 10.10.4.0/24 > 10.10.2.100/32|80;d 200 in deny * * > *", "in tcp 10.10.4.4:50001 > 10.10.2.100:80", "Allow Subnet UserRule_c", Floating),
        On("vnet", "c 100 in allow Tcp 10.10.4.0/24 > 10.10.3.4/32|80;d 200 in deny * * > *", "in tcp 10.10.4.4:50001 > 10.10.2.100:80", "Deny Subnet UserRule_d", Floating),
        On("vnet", "c 100 in allow Tcp 10.10.4.0/24 > *|31880;d 200 in deny * * > *", "in tcp 10.10.4.4:50001 > 10.10.2.100:80", "Deny Subnet UserRule_d", Floating),
        On("vnet", "c 100 in allow Tcp 10.10.4.0/24 > *|31880;d 200 in deny * * > *", "in tcp 10.10.4.4:50001 > 10.10.3.4:31880", "Allow Subnet UserRule_c", Floating),
        On("vnet", "k8s-azure-lb_allow_IPv4_1 500 in allow Tcp Internet > 20.60.0.1/32|80", "in tcp 20.50.1.1:50001 > 20.60.0.1:80", "Allow Subnet UserRule_k8s-azure-lb_allow_IPv4_1", CloudProvider),
        Both("", "k8s-azure-lb_allow_IPv4_1 500 in allow Tcp Internet > 20.60.0.1/32|80", "in tcp 20.50.1.1:50001 > 20.60.0.1:80", "Deny Subnet DefaultRule_DenyAllInBound", CloudProvider),

        // Application security groups.
        On("vnet", "web 100 in allow Tcp * > asg:web|80;d 200 in deny * * > *", "in tcp 20.50.1.1:50001 > 10.10.3.4:80", "Allow Subnet UserRule_web", Asgs),
        On("vnet", "web 100 in allow Tcp * > asg:web|80;d 200 in deny * * > *", "in tcp 20.50.1.1:50001 > 10.10.3.5:80", "Deny Subnet UserRule_d", Asgs),
        On("vnet", "db 110 in allow Tcp asg:web > asg:db|1433;d 120 in deny * * > asg:db", "in tcp 10.10.3.4:50001 > 10.10.3.5:1433", "Allow Subnet UserRule_db", Asgs),
        On("vnet", "db 110 in allow Tcp asg:web > asg:db|1433;d 120 in deny * * > asg:db", "in tcp 10.10.3.9:50001 > 10.10.3.5:1433", "Deny Subnet UserRule_d", Asgs),
        On("vnet", "x 100 in deny Tcp asg:nobody > *", "in tcp 10.10.3.9:50001 > 10.10.3.5:1433", "Undecided", Unknown),

        // Two levels.
        Both("s 100 in allow Tcp * > *|80", "n 100 in allow Tcp * > *|80", "in tcp 20.50.1.1:50001 > 10.10.3.4:80", "Allow Nic UserRule_n", How),
        Both("s 100 in deny Tcp * > *|80", "n 100 in allow Tcp * > *|80", "in tcp 20.50.1.1:50001 > 10.10.3.4:80", "Deny Subnet UserRule_s", How),
        Both("s 100 in allow Tcp * > *|80", "n 100 in deny Tcp * > *|80", "in tcp 20.50.1.1:50001 > 10.10.3.4:80", "Deny Nic UserRule_n", How),
        Both("s 100 in allow Tcp * > *|80", "", "in tcp 20.50.1.1:50001 > 10.10.3.4:80", "Deny Nic DefaultRule_DenyAllInBound", How),
        Both("s 100 in deny Tcp * > *|80", "n 100 in deny Tcp * > *|80", "in tcp 20.50.1.1:50001 > 10.10.3.4:80", "Deny Subnet UserRule_s", How),
        Both("s 100 out deny Tcp * > *|80", "n 100 out deny Tcp * > *|80", "out tcp 10.10.3.4:50001 > 20.50.1.1:80", "Deny Nic UserRule_n", How),
        Both("s 100 out deny Tcp * > *|80", "n 100 out allow Tcp * > *|80", "out tcp 10.10.3.4:50001 > 20.50.1.1:80", "Deny Subnet UserRule_s", How),
        Both("s 100 out allow Tcp * > *|80", "n 100 out allow Tcp * > *|80", "out tcp 10.10.3.4:50001 > 20.50.1.1:80", "Allow Subnet UserRule_s", How),
        Both("-", "n 100 in allow Tcp * > *|80", "in tcp 20.50.1.1:50001 > 10.10.3.4:80", "Allow Nic UserRule_n", How),
        Both("-", "n 100 out deny Tcp * > *|80", "out tcp 10.10.3.4:50001 > 20.50.1.1:80", "Deny Nic UserRule_n", How),
        On("vnet", "intra 100 in deny * 10.10.3.0/24 > 10.10.3.0/24", "in tcp 10.10.3.5:50001 > 10.10.3.4:80", "Deny Subnet UserRule_intra", Intra),
        On("vnet", "intra 100 out deny * 10.10.3.0/24 > 10.10.3.0/24", "out tcp 10.10.3.4:50001 > 10.10.3.5:80", "Deny Subnet UserRule_intra", Intra),

        // Security admin rules.
        Admin("block 10 in deny Tcp * > *|22", "s 100 in allow Tcp * > *|22", "in tcp 20.50.1.1:50001 > 10.10.3.4:22", "Deny Admin block", Admins),
        Admin("force 10 in alwaysallow Tcp * > *|22", "s 100 in deny Tcp * > *|22", "in tcp 20.50.1.1:50001 > 10.10.3.4:22", "Allow Admin force", Admins),
        Admin("pass 10 in allow Tcp * > *|22", "s 100 in deny Tcp * > *|22", "in tcp 20.50.1.1:50001 > 10.10.3.4:22", "Deny Subnet UserRule_s", Admins),
        Admin("pass 10 in allow Tcp * > *|22", "s 100 in allow Tcp * > *|22", "in tcp 20.50.1.1:50001 > 10.10.3.4:22", "Allow Subnet UserRule_s", Admins),
        Admin("pass 10 in allow Tcp * > *|22;block 20 in deny Tcp * > *|22", "s 100 in allow Tcp * > *|22", "in tcp 20.50.1.1:50001 > 10.10.3.4:22", "Allow Subnet UserRule_s", Admins),
        Admin("block 10 in deny Tcp * > *|22", "s 100 in allow Tcp * > *|80", "in tcp 20.50.1.1:50001 > 10.10.3.4:80", "Allow Subnet UserRule_s", Admins),
        Admin("block 10 out deny Tcp * > *|22", "s 100 in allow Tcp * > *|22", "in tcp 20.50.1.1:50001 > 10.10.3.4:22", "Allow Subnet UserRule_s", Admins),

        // Services of the host.
        On("vnet", "d 100 out deny * * > *", "out udp 10.10.3.4:50001 > 168.63.129.16:53", "Allow Platform", Platform),
        On("vnet", "d 100 out deny * * > *", "out tcp 10.10.3.4:50001 > 168.63.129.16:80", "Allow Platform", Host),
        On("vnet", "d 100 out deny * * > *", "out tcp 10.10.3.4:50001 > 168.63.129.16:443", "Allow Platform", Host),
        On("vnet", "d 100 out deny * * > *", "out tcp 10.10.3.4:50001 > 168.63.129.16:32526", "Allow Platform", Host),
        On("vnet", "d 100 out deny * * > *", "out tcp 10.10.3.4:50001 > 168.63.129.16:8080", "Deny Subnet UserRule_d", Host),
        On("vnet", "d 100 out deny * * > *", "out tcp 10.10.3.4:50001 > 169.254.169.254:80", "Allow Platform", Platform),
        On("vnet", "d 100 out deny * * > AzurePlatformDNS", "out udp 10.10.3.4:50001 > 168.63.129.16:53", "Deny Subnet UserRule_d", Platform),
        On("vnet", "d 100 out deny * * > AzurePlatformDNS", "out tcp 10.10.3.4:50001 > 168.63.129.16:80", "Allow Platform", Platform),
        On("vnet", "d 100 out deny * * > AzurePlatformIMDS", "out tcp 10.10.3.4:50001 > 169.254.169.254:80", "Deny Subnet UserRule_d", Platform),
        On("vnet", "d 100 out deny * * > AzurePlatformIMDS", "out udp 10.10.3.4:50001 > 168.63.129.16:53", "Allow Platform", Platform),
        On("vnet", "d 100 out deny * * > VirtualNetwork", "out udp 10.10.3.4:50001 > 168.63.129.16:53", "Allow Platform", Platform),

        // Names that nothing explains.
        On("vnet", "kv 100 out allow Tcp * > AzureKeyVault|443;d 200 out deny * * > *", "out tcp 10.10.3.4:50001 > 20.60.1.1:443", "Undecided", Unknown),
        On("vnet", "kv 100 out allow Tcp * > AzureKeyVault|443;d 200 out deny * * > *", "out tcp 10.10.3.4:50001 > 20.60.1.1:80", "Deny Subnet UserRule_d", Unknown),
        On("vnet", "kv 100 out allow Tcp * > AzureKeyVault|443", "out tcp 10.10.3.4:50001 > 20.60.1.1:443", "Allow Subnet DefaultRule_AllowInternetOutBound (rule not sure)", Unknown),
        On("none", "", "in tcp 10.10.1.4:40000 > 10.10.3.4:80", "Undecided", Unknown),
        On("none", "a 100 in allow * 10.10.0.0/16 > *", "in tcp 10.10.1.4:40000 > 10.10.3.4:80", "Allow Subnet UserRule_a", Unknown),
    ];

    public static TheoryData<HandDecidedRule> All => [.. Rules];

    private static HandDecidedRule On(string network, string subnetNsg, string flow, string expected, string source) =>
        new(network, subnetNsg, "-", "", flow, expected, source);

    private static HandDecidedRule Both(string subnetNsg, string nicNsg, string flow, string expected, string source) =>
        new("vnet", subnetNsg, nicNsg, "", flow, expected, source);

    private static HandDecidedRule Admin(string adminRules, string subnetNsg, string flow, string expected, string source) =>
        new("vnet", subnetNsg, "-", adminRules, flow, expected, source);
}
