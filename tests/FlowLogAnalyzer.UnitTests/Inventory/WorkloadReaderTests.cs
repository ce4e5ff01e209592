using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;
using FlowLogAnalyzer.Inventory.Tables;

namespace FlowLogAnalyzer.Tests.Inventory;

/// <summary>Who a pod is, by what it carries and never by its own name.</summary>
public class WorkloadReaderTests
{
    private const string Replica = """{ "kind": "ReplicaSet", "name": "web-6c9f7b8d4c", "controller": true }""";

    [Theory]
    [InlineData(Replica, """{ "app": "shop" }""", "Deployment/web")]
    [InlineData("""{ "kind": "ReplicaSet", "name": "web-frontend" }""", "{}", "ReplicaSet/web-frontend")]
    [InlineData("""{ "kind": "Job", "name": "sync-29924640" }""", "{}", "CronJob/sync")]
    [InlineData("""{ "kind": "Job", "name": "migrate-2" }""", "{}", "Job/migrate-2")]
    [InlineData(null, """{ "app": "old", "app.kubernetes.io/name": "shop" }""", "App/shop")]
    [InlineData(null, """{ "k8s-app": "kube-dns" }""", "App/kube-dns")]
    [InlineData(null, """{ "component": "kube-proxy" }""", "App/kube-proxy")]
    [InlineData(null, "{}", "ServiceAccount/robot", "robot")]
    [InlineData(null, "{}", "Image/shop", "default")]
    public void A_workload_is_told_by_owner_labels_account_and_image_in_this_order(string? owner, string labels, string workload, string? account = null) =>
        Assert.Equal(workload, Pod(owner, labels, account: account).Workload);

    [Theory]
    [InlineData("""{ "k8s-app": "metrics-server" }""", "scraper")]
    [InlineData("""{ "app": "konnectivity-agent" }""", "scraper")]
    [InlineData("""{ "app.kubernetes.io/name": "vmagent", "app.kubernetes.io/instance": "prod" }""", "scraper")]
    [InlineData("""{ "app.kubernetes.io/name": "opentelemetry-collector" }""", "scraper")]
    [InlineData("""{ "rsName": "ama-metrics" }""", "scraper")]
    [InlineData("""{ "dsName": "ama-metrics-node" }""", "agent")]
    [InlineData("""{ "k8s-app": "kube-dns" }""", "platform")]
    [InlineData("""{ "app": "prometheus-lookalike" }""", null)]
    [InlineData("{}", null)]
    public void What_a_known_workload_does_is_told_by_labels_without_any_owner(string labels, string? duty) =>
        Assert.Equal(duty, KnownWorkloads.DutyOf(Pod(null, labels)));

    [Theory]
    [InlineData("registry.example.io/mirror/victoriametrics/vmagent:v1.99@sha256:abc", "scraper")]
    [InlineData("contoso.azurecr.io:443/otel/opentelemetry-collector-contrib:0.99", "scraper")]
    [InlineData("contoso.azurecr.io/shop/vmagent-shell:1", null)]
    [InlineData("prom/node:1", null)]
    public void What_a_known_workload_does_is_told_by_its_image_whatever_the_registry(string image, string? duty) =>
        Assert.Equal(duty, KnownWorkloads.DutyOf(Pod(null, "{}", image)));

    [Theory]
    [InlineData("""{ "kind": "DaemonSet", "name": "collector" }""", "{}", "agent")]
    [InlineData(null, """{ "controller-revision-hash": "5d4f" }""", "agent")]
    [InlineData(null, """{ "controller-revision-hash": "5d4f", "statefulset.kubernetes.io/pod-name": "collector-0" }""", "scraper")]
    [InlineData("""{ "kind": "StatefulSet", "name": "collector" }""", """{ "controller-revision-hash": "5d4f" }""", "scraper")]
    public void A_collector_that_runs_on_every_node_asks_its_own(string? owner, string labels, string duty) =>
        Assert.Equal(duty, KnownWorkloads.DutyOf(Pod(owner, labels, "otel/opentelemetry-collector:1")));

    [Fact]
    public void A_pods_own_name_says_nothing() => Assert.Null(KnownWorkloads.DutyOf(Pod(null, "{}", name: "metrics-server-7d9-abcde")));

    private static PodEntity Pod(string? owner, string labels, string image = "registry.example.io/team/shop:1", string? account = null, string name = "some-pod")
    {
        using var json = JsonDocument.Parse($$"""
            { "apiVersion": "v1", "kind": "Pod",
              "metadata": { "name": "{{name}}", "namespace": "shop", "uid": "1", "labels": {{labels}}, "ownerReferences": [{{owner}}] },
              "spec": { "nodeName": "n1", "serviceAccountName": {{JsonSerializer.Serialize(account)}}, "containers": [{ "name": "c", "image": "{{image}}" }] },
              "status": { "phase": "Running", "podIP": "10.244.0.9" } }
            """);
        return PodReader.Read(json.RootElement)!;
    }
}
