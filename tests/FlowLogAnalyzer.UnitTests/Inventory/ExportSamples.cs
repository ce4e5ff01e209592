namespace FlowLogAnalyzer.Tests.Inventory;

/// <summary>A small object of every kind that an import reads; <c>N1</c> stands in its names, so that a second one can be made of it; <c>RG:</c> stands for <see cref="Rg"/>.</summary>
internal static class ExportSamples
{
    public const string Rg = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";

    public static readonly (string Kind, string Json)[] Kubernetes =
    [
        ("Node", """
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"aks-N1","uid":"u-N1","creationTimestamp":"2026-11-01T00:00:00Z","labels":{"agentpool":"user","kubernetes.azure.com/mode":"user"}},
            "spec":{"providerID":"azure:///subscriptions/s/vm-N1","podCIDR":"10.244.1.0/24","podCIDRs":["10.244.1.0/24"],"taints":[{"key":"k","value":"v","effect":"NoSchedule"}]},
            "status":{"addresses":[{"type":"InternalIP","address":"10.10.4.4"}],"conditions":[{"type":"Ready","status":"True"}]}}
            """),
        ("Service", """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"web-N1","namespace":"shop","uid":"s-N1","labels":{"app":"web"},"annotations":{"service.beta.kubernetes.io/azure-load-balancer-internal":"true"}},
            "spec":{"type":"LoadBalancer","clusterIP":"10.0.0.9","clusterIPs":["10.0.0.9"],"externalTrafficPolicy":"Local","sessionAffinity":"None","healthCheckNodePort":30111,"selector":{"app":"web"},
            "loadBalancerSourceRanges":["10.0.0.0/8"],"ports":[{"name":"http","protocol":"TCP","port":80,"nodePort":30080,"targetPort":8080,"appProtocol":"http"}]},"status":{"loadBalancer":{"ingress":[{"ip":"10.10.3.4"}]}}}
            """),
        ("EndpointSlice", """
            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"web-N1","namespace":"shop","uid":"e-N1","labels":{"kubernetes.io/service-name":"web-N1"},"ownerReferences":[{"kind":"Service","name":"web-N1"}]},
            "addressType":"IPv4","ports":[{"name":"http","protocol":"TCP","port":8080}],"endpoints":[{"addresses":["10.244.1.5"],"conditions":{"ready":true},"nodeName":"aks-N1","targetRef":{"kind":"Pod","namespace":"shop","name":"p","uid":"x"}}]}
            """),
        ("Pod", """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p-N1","namespace":"shop","uid":"p-N1","creationTimestamp":"2026-11-01T00:00:00Z","labels":{"app":"web","pod-template-hash":"abc"},"ownerReferences":[{"kind":"ReplicaSet","name":"web-abc","controller":true}]},
            "spec":{"nodeName":"aks-N1","hostNetwork":false,"nodeSelector":{"a":"b"},"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"k","operator":"In","values":["v"]}]}]}}}},
            "status":{"phase":"Running","podIP":"10.244.1.5","podIPs":[{"ip":"10.244.1.5"}],"containerStatuses":[{"state":{"terminated":{"finishedAt":"2026-11-02T00:00:00Z"}}}]}}
            """),
        ("Ingress", """
            {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"i-N1","namespace":"shop","uid":"i-N1","annotations":{"nginx.ingress.kubernetes.io/whitelist-source-range":"10.0.0.0/8"}},
            "spec":{"ingressClassName":"nginx","defaultBackend":{"service":{"name":"d"}},"rules":[{"http":{"paths":[{"backend":{"service":{"name":"web"}}}]}}]},"status":{"loadBalancer":{"ingress":[{"ip":"10.10.3.4"}]}}}
            """),
        ("IngressClass", """{"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"nginx-N1","uid":"c-N1","annotations":{"ingressclass.kubernetes.io/is-default-class":"true"}},"spec":{"controller":"k8s.io/ingress-nginx"}}"""),
    ];

    public static readonly (string Kind, string Json)[] Azure =
    [
        ("aks", """
            {"id":"/subscriptions/s/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-N1","name":"aks-N1","fqdn":"a.example.com","nodeResourceGroup":"mc","apiServerAccessProfile":{"subnetId":"/x"},
            "networkProfile":{"networkPlugin":"azure","networkPluginMode":"overlay","networkDataplane":"cilium","podCidr":"10.244.0.0/16","podCidrs":["10.244.0.0/16"],"serviceCidr":"10.0.0.0/16","serviceCidrs":["10.0.0.0/16"],"outboundType":"loadBalancer",
            "loadBalancerProfile":{"clusterServiceLoadBalancerHealthProbeMode":"Shared"}},"agentPoolProfiles":[{"name":"user","mode":"User","vnetSubnetId":"/v","podSubnetId":"/p"}]}
            """),
        ("nsg", """
            {"id":"RG:/networkSecurityGroups/nsg-N1","name":"nsg-N1","resourceGuid":"g","subnets":[{"id":"RG:/virtualNetworks/vnet-N1/subnets/a"}],"securityRules":[{"name":"r","priority":100,"direction":"Inbound","access":"Allow","protocol":"Tcp",
            "sourceAddressPrefix":"10.0.0.0/8","sourceAddressPrefixes":[],"sourcePortRange":"*","destinationAddressPrefix":"*","destinationPortRange":"443","destinationPortRanges":[]}],
            "defaultSecurityRules":[{"name":"DenyAllInBound","priority":65500,"direction":"Inbound","access":"Deny","protocol":"*","sourceAddressPrefix":"VirtualNetwork","sourcePortRange":"*","destinationAddressPrefix":"Internet","destinationPortRange":"*"}]}
            """),
        ("vnet", """
            {"id":"RG:/virtualNetworks/vnet-N1","name":"vnet-N1","addressSpace":{"addressPrefixes":["10.10.0.0/16"]},"subnets":[{"id":"RG:/virtualNetworks/vnet-N1/subnets/a","name":"a","addressPrefix":"10.10.4.0/24","delegations":[{"serviceName":"x"}],
            "networkSecurityGroup":{"id":"RG:/networkSecurityGroups/nsg-N1"},"routeTable":{"id":"RG:/routeTables/rt-N1"}}],
            "virtualNetworkPeerings":[{"name":"hub","remoteVirtualNetwork":{"id":"/hub"},"remoteVirtualNetworkAddressSpace":{"addressPrefixes":["10.20.0.0/16"]},"remoteAddressSpace":{"addressPrefixes":["10.20.0.0/16"]}}]}
            """),
        ("route-table", """{"id":"RG:/routeTables/rt-N1","name":"rt-N1","routes":[{"name":"d","addressPrefix":"0.0.0.0/0","nextHopType":"VirtualAppliance","nextHopIpAddress":"10.20.0.4"}],"subnets":[{"id":"RG:/virtualNetworks/vnet-N1/subnets/a"}]}"""),
        ("lb", """
            {"id":"RG:/loadBalancers/kubernetes-N1","name":"kubernetes-N1","frontendIPConfigurations":[{"id":"/f","name":"f","privateIPAddress":"10.10.3.4","publicIPAddress":{"id":"/pip","ipAddress":"203.0.113.4"}}],
            "loadBalancingRules":[{"name":"r","protocol":"Tcp","frontendPort":80,"backendPort":80,"enableFloatingIP":true,"loadDistribution":"Default","frontendIPConfiguration":{"id":"/f"},"probe":{"id":"/pr"},"backendAddressPool":{"id":"/b"},"backendAddressPools":[{"id":"/b"}]}],
            "probes":[{"id":"/pr","name":"p","protocol":"Http","port":30080,"requestPath":"/healthz","intervalInSeconds":5,"numberOfProbes":2,"probeThreshold":2}],
            "backendAddressPools":[{"id":"/b","name":"b","loadBalancerBackendAddresses":[{"ipAddress":"10.10.4.4","networkInterfaceIPConfiguration":{"id":"/n"}}],"backendIPConfigurations":[{"id":"/n"}]}]}
            """),
        ("public-ip", """{"id":"RG:/publicIPAddresses/pip-N1","name":"pip-N1","ipAddress":"203.0.113.4","ipConfiguration":{"id":"/f"}}"""),
        ("nic", """
            {"id":"RG:/networkInterfaces/nic-N1","name":"nic-N1","macAddress":"00-22-48-00-00-0N1","virtualMachine":{"id":"/subscriptions/s/virtualMachines/vm"},"networkSecurityGroup":{"id":"RG:/networkSecurityGroups/nsg-N1"},"privateEndpoint":{"id":"/pe"},
            "ipConfigurations":[{"privateIPAddress":"10.10.4.4","primary":true,"subnet":{"id":"RG:/virtualNetworks/vnet-N1/subnets/a"},"applicationSecurityGroups":[{"id":"/asg"}]}]}
            """),
        ("vmss", """{"id":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/v-N1","name":"v-N1","tags":{"aks-managed-poolName":"user"},"virtualMachineProfile":{"networkProfile":{"networkInterfaceConfigurations":[{"networkSecurityGroup":{"id":"/n"}}]}}}"""),
        ("flow-log", """{"id":"RG:/networkWatchers/nw/flowLogs/fl-N1","name":"fl-N1","targetResourceId":"/t","enabled":true,"format":{"type":"JSON","version":2},"recordTypes":"B,C","enabledFilteringCriteria":""}"""),
        ("admin-rule", """
            {"id":"RG:/networkManagers/nm/securityAdminConfigurations/c/ruleCollections/rc/rules/r-N1","name":"r-N1","access":"Deny","direction":"Inbound","priority":10,"protocol":"Tcp",
            "sources":[{"addressPrefix":"10.0.0.0/8","addressPrefixType":"IPPrefix"}],"destinations":[{"addressPrefix":"*","addressPrefixType":"IPPrefix"}],"sourcePortRanges":["0-65535"],"destinationPortRanges":["22"]}
            """),
        ("effective-nsg", """
            {"networkSecurityGroup":{"id":"RG:/networkSecurityGroups/nsg-N1"},"association":{"networkInterface":{"id":"RG:/networkInterfaces/nic-N1"}},"effectiveSecurityRules":[{"name":"r","priority":100,"direction":"Inbound","access":"Allow","protocol":"Tcp",
            "sourceAddressPrefix":"VirtualNetwork","sourceAddressPrefixes":["VirtualNetwork"],"expandedSourceAddressPrefix":["10.0.0.0/8"],"sourcePortRange":"0-65535","sourcePortRanges":["0-65535"],"destinationAddressPrefix":"*","destinationPortRange":"443-443"}],"tagMap":{"Storage":["203.0.113.0/24"]}}
            """),
        ("activity", """
            {"eventTimestamp":"2026-11-20T09:00:00Z","eventDataId":"ev-N1","correlationId":"co-N1","operationName":{"value":"Microsoft.Network/networkSecurityGroups/securityRules/write"},"status":{"value":"Succeeded"},"caller":"a@example.com","httpRequest":{"clientIpAddress":"203.0.113.9"},
            "resourceId":"RG:/networkSecurityGroups/nsg-N1/securityRules/r"}
            """),
    ];

    public const string ServiceTag = """{"name":"Storage-N1","id":"Storage-N1","properties":{"changeNumber":1,"region":"","addressPrefixes":["203.0.113.0/24","2001:db8::/32"]}}""";
}
