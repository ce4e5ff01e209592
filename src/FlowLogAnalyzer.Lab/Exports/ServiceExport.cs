using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

internal static class ServiceExport
{
    private sealed record Plain(string Namespace, string Name, string ClusterIp, string PortName, string Protocol, int Port, int TargetPort, string App);

    private static readonly Plain[] Internal =
    [
        new("kube-system", "kube-dns", "10.0.0.10", "dns", "UDP", 53, 53, "kube-dns"),
        new("kube-system", "metrics-server", "10.0.118.7", "https", "TCP", 443, 4443, "metrics-server"),
        new("shop", "api", "10.0.44.120", "http", "TCP", 8080, LabService.AppPort, "api"),
    ];

    public static IEnumerable<JsonNode?> Services(ExportScene scene)
    {
        yield return ApiServer(scene);
        yield return IngressServiceExport.Service(scene);
        foreach (var service in Internal)
            yield return ClusterIp(scene, service);
    }

    public static IEnumerable<JsonNode?> EndpointSlices(ExportScene scene)
    {
        yield return Slice(scene, "default", "kubernetes", ("https", "TCP", 443), [Endpoint(AddressPlan.ApiServer, null)]);
        yield return Slice(scene, LabService.Namespace, LabService.Name, ("http", "TCP", LabService.TargetPort), Endpoints(scene, "ingress-nginx"));
        foreach (var s in Internal)
            yield return Slice(scene, s.Namespace, s.Name, (s.PortName, s.Protocol, s.TargetPort), Endpoints(scene, s.App));
    }

    private static JsonObject ApiServer(ExportScene scene) =>
        ClusterIp(scene, new Plain("default", "kubernetes", "10.0.0.1", "https", "TCP", 443, 443, ""));

    private static JsonObject ClusterIp(ExportScene scene, Plain service)
    {
        var spec = new JsonObject
        {
            ["clusterIP"] = service.ClusterIp,
            ["clusterIPs"] = Json.Texts(service.ClusterIp),
            ["internalTrafficPolicy"] = "Cluster",
            ["ports"] = new JsonArray(new JsonObject
            {
                ["name"] = service.PortName,
                ["port"] = service.Port,
                ["protocol"] = service.Protocol,
                ["targetPort"] = service.TargetPort,
            }),
            ["sessionAffinity"] = "None",
            ["type"] = "ClusterIP",
        };
        if (service.App.Length > 0)
            spec["selector"] = new JsonObject { [service.App == "api" ? "app" : "k8s-app"] = service.App };
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = Json.Metadata(scene, service.Namespace, service.Name, $"svc/{service.Namespace}/{service.Name}", 1),
            ["spec"] = spec,
            ["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() },
        };
    }

    private static IEnumerable<JsonNode?> Endpoints(ExportScene scene, string app) =>
        scene.Cluster.App(app).Select(p => Endpoint(AddressPlan.Text(p.Ip), p));

    private static JsonObject Endpoint(string address, LabPod? pod)
    {
        var endpoint = new JsonObject
        {
            ["addresses"] = Json.Texts(address),
            ["conditions"] = new JsonObject { ["ready"] = true, ["serving"] = true, ["terminating"] = false },
        };
        if (pod is not null)
        {
            endpoint["nodeName"] = pod.Node.Name;
            endpoint["targetRef"] = new JsonObject { ["kind"] = "Pod", ["name"] = pod.Name, ["namespace"] = pod.Namespace, ["uid"] = LabIds.Guid(PodExport.Uid(pod)) };
        }
        return endpoint;
    }

    private static JsonObject Slice(ExportScene scene, string space, string service, (string Name, string Protocol, int Port) port, IEnumerable<JsonNode?> endpoints)
    {
        // The slice of the API server carries the Service's own name.
        var name = space == "default" ? service : $"{service}-{LabRandom.Hash(service) % 99_999:D5}";
        var metadata = Json.Metadata(scene, space, name, $"slice/{space}/{service}", 1);
        metadata["labels"] = new JsonObject { ["kubernetes.io/service-name"] = service };
        return new JsonObject
        {
            ["addressType"] = "IPv4",
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["endpoints"] = Json.Array(endpoints),
            ["kind"] = "EndpointSlice",
            ["metadata"] = metadata,
            ["ports"] = new JsonArray(new JsonObject { ["name"] = port.Name, ["port"] = port.Port, ["protocol"] = port.Protocol }),
        };
    }
}
