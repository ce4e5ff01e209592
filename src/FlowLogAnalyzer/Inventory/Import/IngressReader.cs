using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>Ingress objects: class, client allow list and the Services behind them.</summary>
internal static class IngressReader
{
    /// <summary>Annotation names behind their prefix: nginx and HAProxy allow lists, and the old form of Traefik.</summary>
    private static readonly string[] AllowLists = ["whitelist-source-range", "allowlist-source-range", "allow-list", "whitelist"];

    public static IngressEntity Read(JsonElement item)
    {
        var annotations = item.Map("metadata.annotations");
        var allow = annotations.FirstOrDefault(a => AllowLists.Contains(a.Key[(a.Key.LastIndexOf('/') + 1)..], StringComparer.Ordinal));
        var space = KubernetesReader.Namespace(item);
        return new IngressEntity
        {
            Namespace = space,
            Class = item.Text("spec.ingressClassName") ?? annotations.GetValueOrDefault("kubernetes.io/ingress.class"),
            AllowList = allow.Value is { } list ? string.Join(',', list.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) : null,
            Annotation = allow.Key,
            BackendServices = [.. Backends(item).Select(name => $"{space}/{name}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            LoadBalancerIps = [.. item.Items("status.loadBalancer.ingress").Select(i => i.Text("ip")).OfType<string>()],
        };
    }

    private static IEnumerable<string> Backends(JsonElement item) =>
        item.Items("spec.rules").SelectMany(r => r.Items("http.paths")).Select(p => p.At("backend"))
            .Append(item.At("spec.defaultBackend"))
            .Select(b => b.Text("service.name") ?? b.Text("serviceName")).OfType<string>();
}
