using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>
/// Which Services are ingress controllers: the user says so, an Ingress shows their address, or the labels of the Service
/// or of its pods are those of a known controller.
/// </summary>
internal sealed class IngressControllers
{
    private static readonly Dictionary<string, string> Apps = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ingress-nginx"] = "nginx",
        ["nginx-ingress"] = "nginx",
        ["nginx-ingress-controller"] = "nginx",
        ["nginx-ingress-microk8s"] = "nginx",
        ["traefik"] = "traefik",
        ["haproxy-ingress"] = "haproxy",
        ["kubernetes-ingress"] = "haproxy",
        ["contour"] = "contour",
        ["kong"] = "kong",
        ["ingress-kong"] = "kong",
        ["istio-ingressgateway"] = "istio",
        ["istio-ingress"] = "istio",
        ["ingressgateway"] = "istio",
        ["aks-istio-ingressgateway-external"] = "istio",
        ["aks-istio-ingressgateway-internal"] = "istio",
        ["envoy"] = "contour",
        ["envoy-gateway"] = "envoy-gateway",
        ["emissary-ingress"] = "emissary",
        ["ambassador"] = "emissary",
        ["gloo"] = "gloo",
        ["nginx-gateway-fabric"] = "nginx-gateway",
        ["skipper-ingress"] = "skipper",
    };

    /// <summary>Parts of the controller strings of IngressClass objects.</summary>
    private static readonly (string Part, string Family)[] ControllerStrings =
    [
        ("ingress-nginx", "nginx"), ("nginx.org", "nginx"), ("approuting.kubernetes.azure.com", "nginx"), ("traefik", "traefik"), ("haproxy", "haproxy"),
        ("contour", "contour"), ("kong", "kong"), ("istio", "istio"), ("ambassador", "emissary"), ("getambassador", "emissary"), ("skipper", "skipper"),
    ];

    private readonly Moment _moment;
    private readonly ILookup<string, PodEntity> _podsByService;
    private readonly HashSet<string> _publishedIps;

    public IngressControllers(Moment moment)
    {
        _moment = moment;
        var pods = moment.Pods.GroupBy(p => p.Entity.Id).ToDictionary(g => g.Key, g => g.Last().Entity, StringComparer.Ordinal);
        _podsByService = moment.Slices.Where(s => s.Entity.ServiceName is not null)
            .SelectMany(s => s.Entity.Endpoints.Where(e => e.PodUid is not null && pods.ContainsKey(e.PodUid)).Select(e => (Service: $"{s.Entity.Namespace}/{s.Entity.ServiceName}", Pod: pods[e.PodUid!])))
            .ToLookup(p => p.Service, p => p.Pod, StringComparer.Ordinal);
        _publishedIps = moment.Ingresses.SelectMany(i => i.Entity.LoadBalancerIps).ToHashSet(StringComparer.Ordinal);
    }

    public bool IsController(ServiceEntity service) =>
        _moment.Options.IngressServices.Contains(Moment.ServiceName(service), StringComparer.Ordinal)
        || (service.Type == "LoadBalancer" && (Family(service) is not null || service.LoadBalancerIps.Any(_publishedIps.Contains)));

    /// <summary>The pods that run an ingress controller, by their own labels or behind a controller's Service.</summary>
    public IEnumerable<PodEntity> Pods() => _moment.Pods.Select(p => p.Entity).Where(p => Family(p.Labels, p.Namespace) is not null)
        .Concat(_moment.Services.Where(s => IsController(s.Entity)).SelectMany(s => _podsByService[Moment.ServiceName(s.Entity)])).Distinct();

    /// <summary>The Service of the controller that serves an Ingress; null when it cannot be told.</summary>
    public Valid<ServiceEntity>? ServiceOf(IngressEntity ingress)
    {
        var controllers = _moment.Services.Where(s => IsController(s.Entity)).ToList();
        if (controllers.Find(s => s.Entity.LoadBalancerIps.Intersect(ingress.LoadBalancerIps, StringComparer.Ordinal).Any()) is { } published)
            return published;

        var ingressClass = _moment.IngressClasses.FirstOrDefault(c => ingress.Class is null ? c.Entity.IsDefault : c.Entity.Name == ingress.Class);
        var name = ingress.Class ?? ingressClass?.Entity.Name;
        var family = FamilyOfController(ingressClass?.Entity.Controller) ?? FamilyOfController(name) ?? (name is null ? null : Apps.GetValueOrDefault(name) ?? name);
        return controllers.Where(s => family is null || Family(s.Entity) == family)
            .OrderByDescending(s => name is not null && Moment.ServiceName(s.Entity).Contains(name, StringComparison.OrdinalIgnoreCase))
            .ThenBy(s => Moment.ServiceName(s.Entity), StringComparer.Ordinal).FirstOrDefault();
    }

    private string? Family(ServiceEntity service) =>
        Family(service.Labels, service.Namespace) ?? Family(service.Selector, service.Namespace)
        ?? _podsByService[Moment.ServiceName(service)].Select(p => Family(p.Labels, p.Namespace)).FirstOrDefault(f => f is not null);

    private static string? Family(IReadOnlyDictionary<string, string> labels, string space)
    {
        foreach (var key in (string[])["app.kubernetes.io/name", "app", "k8s-app", "istio"])
            if (labels.TryGetValue(key, out var app) && Apps.TryGetValue(app, out var family))
                return family;

        // The AKS application routing add-on calls its controller just nginx; elsewhere that is anybody's web server.
        return space == "app-routing-system" && labels.GetValueOrDefault("app")?.StartsWith("nginx", StringComparison.Ordinal) == true ? "nginx" : null;
    }

    private static string? FamilyOfController(string? text) =>
        text is null ? null : ControllerStrings.Where(c => text.Contains(c.Part, StringComparison.OrdinalIgnoreCase)).Select(c => c.Family).FirstOrDefault();
}
