using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>Kubernetes objects, as <c>kubectl get -o json</c> prints them, to entities.</summary>
internal static class KubernetesReader
{
    /// <summary>The document kind of a Kubernetes kind; null when it is not an input.</summary>
    public static string? KindOf(string kind) => kind switch
    {
        "Node" => InventoryKinds.Node,
        "Service" => InventoryKinds.Service,
        "EndpointSlice" => InventoryKinds.EndpointSlice,
        "Pod" => InventoryKinds.Pod,
        "Ingress" => InventoryKinds.Ingress,
        "IngressClass" => InventoryKinds.IngressClass,
        "NetworkPolicy" => InventoryKinds.NetworkPolicy,
        _ => null,
    };

    /// <summary>Null when the object has nothing to say, such as a pod without an address.</summary>
    public static InventoryEntity? Read(string kind, JsonElement item)
    {
        var entity = kind switch
        {
            InventoryKinds.Node => ReadNode(item),
            InventoryKinds.Service => ReadService(item),
            InventoryKinds.EndpointSlice => ReadSlice(item),
            InventoryKinds.Pod => PodReader.Read(item),
            InventoryKinds.Ingress => IngressReader.Read(item),
            InventoryKinds.IngressClass => new IngressClassEntity
            {
                Controller = item.Text("spec.controller"),
                IsDefault = item.Map("metadata.annotations").GetValueOrDefault("ingressclass.kubernetes.io/is-default-class") == "true",
            },
            _ => (InventoryEntity)new NetworkPolicyEntity { Namespace = Namespace(item) },
        };
        return entity is null ? null : Named(entity, kind, item);
    }

    public static string Namespace(JsonElement item) => item.Text("metadata.namespace") ?? "default";

    private static InventoryEntity Named(InventoryEntity entity, string kind, JsonElement item)
    {
        var name = item.Text("metadata.name") ?? throw new FieldException("metadata.name", "is missing");
        var scope = kind is InventoryKinds.Node or InventoryKinds.IngressClass ? "" : Namespace(item);
        return entity with
        {
            Id = item.Text("metadata.uid") ?? $"{scope}/{name}",
            Name = name,
            Scope = scope,
            Created = item.Time("metadata.creationTimestamp"),
        };
    }

    private static NodeEntity ReadNode(JsonElement item) => new()
    {
        Ips = [.. item.Items("status.addresses").Where(a => a.Text("type") == "InternalIP").Select(a => a.Text("address")).OfType<string>()],
        ProviderId = ProviderId(item.Text("spec.providerID")),
        PodCidrs = item.Prefixes("spec.podCIDR", "spec.podCIDRs"),
        Labels = item.Map("metadata.labels", k => !k.StartsWith("beta.kubernetes.io/", StringComparison.Ordinal) && !k.StartsWith("failure-domain.", StringComparison.Ordinal)),
        Taints = new SortedDictionary<string, string>(
            item.Items("spec.taints").GroupBy(t => t.Text("key") ?? "").ToDictionary(g => g.Key, g => g.First().Text("value") ?? ""), StringComparer.Ordinal),
        Ready = item.Items("status.conditions").Where(c => c.Text("type") == "Ready").Select(c => (bool?)(c.Text("status") == "True")).FirstOrDefault(),
    };

    /// <summary>The ARM id in <c>azure:///subscriptions/…</c>, lower case, as a NIC's virtualMachine.id compares.</summary>
    private static string? ProviderId(string? text) =>
        text is null ? null : (text.StartsWith("azure://", StringComparison.OrdinalIgnoreCase) ? text["azure://".Length..] : text).ToLowerInvariant();

    private static ServiceEntity ReadService(JsonElement item) => new()
    {
        Namespace = Namespace(item),
        Type = item.Text("spec.type") ?? "ClusterIP",
        TrafficPolicy = item.Text("spec.externalTrafficPolicy"),
        ClusterIps = [.. item.OneOrMany("spec.clusterIP", "spec.clusterIPs").Where(ip => ip != "None")],
        Affinity = item.Text("spec.sessionAffinity"),
        LoadBalancerIps = [.. item.Items("status.loadBalancer.ingress").Select(i => i.Text("ip")).OfType<string>()],
        HealthCheckNodePort = item.Int("spec.healthCheckNodePort"),
        SourceRanges = item.Prefixes("spec.loadBalancerSourceRanges"),
        Annotations = item.Map("metadata.annotations", k => k.StartsWith("service.beta.kubernetes.io/", StringComparison.Ordinal)),
        Labels = item.Map("metadata.labels"),
        Selector = item.Map("spec.selector"),
        Ports =
        [
            .. item.Items("spec.ports").Select(p => new ServicePort(
                p.Text("name") ?? "", IpProtocols.Parse(p.Text("protocol")), p.Int("port") ?? 0, p.Int("nodePort"), p.Text("appProtocol"))),
        ],
    };

    private static EndpointSliceEntity ReadSlice(JsonElement item) => new()
    {
        Namespace = Namespace(item),
        ServiceName = item.Map("metadata.labels").GetValueOrDefault("kubernetes.io/service-name")
            ?? item.Items("metadata.ownerReferences").Where(o => o.Text("kind") == "Service").Select(o => o.Text("name")).FirstOrDefault(),
        Ports = [.. item.Items("ports").Select(p => new EndpointPort(p.Text("name") ?? "", IpProtocols.Parse(p.Text("protocol")), p.Int("port")))],
        // A missing ready means ready (Kubernetes API reference, EndpointConditions).
        Endpoints =
        [
            .. item.Items("endpoints").SelectMany(e => e.Texts("addresses").Select(ip => new Endpoint(
                ip, e.Bool("conditions.ready") ?? true, e.Text("nodeName"),
                e.Text("targetRef.kind") == "Pod" ? $"{e.Text("targetRef.namespace") ?? Namespace(item)}/{e.Text("targetRef.name")}" : null,
                e.Text("targetRef.uid"))))
                .OrderBy(e => e.Ip, StringComparer.Ordinal).ThenBy(e => e.PodUid, StringComparer.Ordinal),
        ],
    };
}
