using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>What a known workload does in a cluster, as the column <c>duty</c> of the table pods says it.</summary>
internal static class Duties
{
    /// <summary>Asks kubelets and exporters of other nodes.</summary>
    public const string Scraper = "scraper";

    /// <summary>Runs on every node and asks its own only, which no NIC sees.</summary>
    public const string Agent = "agent";

    /// <summary>Part of the platform: name service, network plugin, storage, mesh, policy, delivery, backup.</summary>
    public const string Platform = "platform";
}

/// <summary>A workload that many clusters run, with what gives it away. Labels, accounts and images are compared as a whole.</summary>
/// <param name="Duty">One of <see cref="Duties"/>.</param>
/// <param name="Apps">Values of the labels that say what a pod is.</param>
/// <param name="Images">Last parts of image repositories, whatever the registry.</param>
/// <param name="Source">Where these are to be read.</param>
internal sealed record KnownWorkload(string Duty, IReadOnlyList<string> Apps, IReadOnlyList<string> Images, string Source);

/// <summary>The workloads that findings need not be told about. A pod's name is never looked at: anybody may choose it.</summary>
internal static class KnownWorkloads
{
    /// <summary>Labels that say what a pod is, in the order in which they are believed; the last four are those of AKS's own pods.</summary>
    private static readonly string[] AppLabels = ["app.kubernetes.io/name", "k8s-app", "app", "component", "rsName", "dsName", "name"];

    private static readonly KnownWorkload[] All =
    [
        new(Duties.Scraper, ["metrics-server"], ["metrics-server", "kubernetes/metrics-server"], "kubernetes-sigs/metrics-server manifests; AKS add-on"),
        new(Duties.Scraper, ["konnectivity-agent"], ["apiserver-network-proxy/agent", "kas-network-proxy/proxy-agent"], "kubernetes-sigs/apiserver-network-proxy; AKS add-on"),
        new(Duties.Scraper, ["prometheus", "prometheus-server", "prometheus-agent"], ["prometheus/prometheus"], "prometheus-operator; prometheus-community/helm-charts"),
        new(Duties.Scraper, ["vmagent", "victoria-metrics-agent"], ["victoriametrics/vmagent"], "VictoriaMetrics/operator; VictoriaMetrics/helm-charts"),
        new(Duties.Scraper, ["alloy", "grafana-agent"], ["grafana/alloy", "grafana/agent"], "grafana/alloy and grafana/agent Helm charts"),
        new(Duties.Scraper, ["opentelemetry-collector", "otel-collector", "splunk-otel-collector"],
            ["opentelemetry-collector", "opentelemetry-collector-contrib", "opentelemetry-collector-k8s", "splunk-otel-collector"],
            "open-telemetry/opentelemetry-helm-charts; signalfx/splunk-otel-collector-chart"),
        new(Duties.Scraper, ["ama-metrics", "ama-logs-rs"], ["prometheus-collector/images"], "Azure/prometheus-collector; microsoft/Docker-Provider"),
        new(Duties.Agent, ["ama-logs-agent", "ama-logs-ds", "ama-logs", "ama-metrics-node", "omsagent"], ["containerinsights/ciprod"], "Azure/prometheus-collector; microsoft/Docker-Provider"),
        new(Duties.Scraper, ["datadog", "datadog-agent", "datadog-cluster-agent", "datadog-agent-deployment"], ["datadog/agent", "datadog/cluster-agent"], "DataDog/helm-charts; DataDog/datadog-operator"),
        new(Duties.Scraper, ["activegate", "dynatrace-activegate"], ["linux/activegate", "dynatrace/dynatrace-activegate"], "Dynatrace/dynatrace-operator"),
        new(Duties.Scraper, ["elastic-agent", "metricbeat"], ["elastic-agent/elastic-agent", "beats/elastic-agent", "beats/metricbeat"], "elastic/elastic-agent and elastic/beats manifests"),
        new(Duties.Scraper, ["newrelic-infrastructure", "nri-kubernetes", "newrelic-prometheus-agent"], ["newrelic/nri-kubernetes", "newrelic/newrelic-prometheus-configurator"], "newrelic/helm-charts"),
        new(Duties.Scraper, ["telegraf"], ["telegraf"], "influxdata/helm-charts"),
        new(Duties.Agent, ["prometheus-node-exporter", "node-exporter"], ["prometheus/node-exporter"], "prometheus-community/helm-charts"),
        new(Duties.Agent, ["fluent-bit", "fluentd", "filebeat", "vector", "oneagent", "dynatrace-oneagent"], ["fluent/fluent-bit", "beats/filebeat"], "the Helm chart of each"),
        new(Duties.Platform, ["kube-dns", "coredns", "node-local-dns", "coredns-autoscaler"], ["coredns/coredns", "kubernetes/coredns"], "AKS add-on; kubernetes/kubernetes cluster/addons/dns"),
        new(Duties.Platform, ["kube-proxy", "azure-cns", "azure-cni", "azure-ip-masq-agent", "azure-npm", "cilium", "cilium-agent", "cilium-operator", "hubble-relay", "calico-node", "calico-typha", "retina"],
            [], "AKS add-ons; cilium/cilium; projectcalico/calico; microsoft/retina"),
        new(Duties.Platform, ["cloud-node-manager", "csi-azuredisk-node", "csi-azurefile-node", "csi-blob-node", "secrets-store-csi-driver", "secrets-store-provider-azure", "azure-wi-webhook", "microsoft-defender"],
            [], "AKS add-ons; kubernetes-sigs/azuredisk-csi-driver and its siblings"),
        new(Duties.Platform, ["istiod", "linkerd-destination", "linkerd-proxy-injector", "dapr-sentry", "osm-controller", "kuma-control-plane"], [], "istio, linkerd2, dapr and kuma Helm charts"),
        new(Duties.Platform, ["gatekeeper", "kyverno", "cert-manager", "external-dns", "keda-operator", "cluster-autoscaler", "kured", "kube-state-metrics", "ama-metrics-ksm"],
            [], "the Helm chart of each"),
        new(Duties.Platform, ["velero", "argocd-application-controller", "argocd-repo-server", "argocd-server", "source-controller", "kustomize-controller", "helm-controller"],
            [], "vmware-tanzu/velero; argoproj/argo-helm; fluxcd/flux2"),
    ];

    private static readonly Dictionary<string, string> DutyOfApp = All.SelectMany(w => w.Apps.Select(a => (a, w.Duty))).ToDictionary(p => p.a, p => p.Duty, StringComparer.Ordinal);

    private static readonly (string Image, string Duty)[] DutyOfImage = [.. All.SelectMany(w => w.Images.Select(i => (i, w.Duty)))];

    /// <summary>What a pod does, by its labels, its service account or its images; null when nothing of them is known.</summary>
    public static string? DutyOf(PodEntity pod) =>
        (LabelDuty(pod) ?? AccountDuty(pod) ?? pod.Images.Select(ImageDuty).FirstOrDefault(d => d is not null)) is { } duty ? AtNode(pod, duty) : null;

    /// <summary>Of a daemon set every pod asks its own node: it explains nothing that is seen between nodes.</summary>
    private static string AtNode(PodEntity pod, string duty) => duty == Duties.Scraper && pod.PerNode ? Duties.Agent : duty;

    private static string? LabelDuty(PodEntity pod) =>
        AppLabels.Select(k => pod.Labels.GetValueOrDefault(k)).OfType<string>().Select(DutyOfApp.GetValueOrDefault).FirstOrDefault(d => d is not null);

    /// <summary>Accounts are only those of the namespace that users do not fill.</summary>
    private static string? AccountDuty(PodEntity pod) =>
        pod.Namespace == "kube-system" && pod.ServiceAccount is { } account ? DutyOfApp.GetValueOrDefault(account) : null;

    private static string? ImageDuty(string repository) =>
        DutyOfImage.Where(i => repository == i.Image || repository.EndsWith("/" + i.Image, StringComparison.Ordinal)).Select(i => i.Duty).FirstOrDefault();
}
