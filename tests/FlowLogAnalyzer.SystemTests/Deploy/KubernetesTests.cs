using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Tests.Docs;
using k8s;
using k8s.Models;

namespace FlowLogAnalyzer.Tests.Deploy;

/// <summary>deploy/kubernetes, read strictly into Kubernetes' own types: a misspelled field fails.</summary>
public class KubernetesTests
{
    private static readonly string Folder = RepositoryFiles.Path("deploy/kubernetes");

    private static readonly RootCommand Root = CommandTree.Build(CliHost.OfThisProcess());

    public static TheoryData<string> Workloads => ["ingest", "check", "compact", "report"];

    [Fact]
    public void Every_manifest_is_in_the_kustomization()
    {
        var listed = File.ReadLines(Path.Combine(Folder, "kustomization.yaml")).Where(l => l.StartsWith("  - ", StringComparison.Ordinal) && l.EndsWith(".yaml", StringComparison.Ordinal)).Select(l => l[4..]);

        Assert.Equal(Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)!).Except(["kustomization.yaml"]).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Plain_objects_have_no_field_that_kubernetes_does_not_know()
    {
        Assert.Equal("flowlog", Read<V1Namespace>("namespace").Metadata.Name);
        Assert.Contains("azure.workload.identity/client-id", Read<V1ServiceAccount>("service-account").Metadata.Annotations);
        Assert.Equal(["FLOWLOG_LAKE", "FLOWLOG_SOURCE"], Read<V1ConfigMap>("settings").Data.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["Ingress", "Egress"], Read<V1NetworkPolicy>("network-policy").Spec.PolicyTypes);
    }

    [Fact]
    public void A_field_that_does_not_exist_is_noticed() =>
        Assert.ThrowsAny<Exception>(() => KubernetesYaml.Deserialize<V1ServiceAccount>("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  nmae: flowlog\n", strict: true));

    [Theory, MemberData(nameof(Workloads))]
    public void Pods_run_with_no_rights_on_the_node_and_as_the_federated_account(string name)
    {
        var pod = Pod(name);
        var container = Assert.Single(pod.Spec.Containers);

        Assert.Equal("true", pod.Metadata.Labels["azure.workload.identity/use"]);
        Assert.Equal("flowlog", pod.Spec.ServiceAccountName);
        Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Contains("memory", container.Resources.Limits);
        Assert.Equal(["/tmp"], container.VolumeMounts.Select(m => m.MountPath));
    }

    [Theory, MemberData(nameof(Workloads))]
    public void Pods_call_the_tool_as_it_can_be_called(string name)
    {
        var arguments = Assert.Single(Pod(name).Spec.Containers).Args.Select(a => a.Replace("$(FLOWLOG_SOURCE)", "https://a.blob.core.windows.net/c", StringComparison.Ordinal));

        Assert.Empty(Root.Parse([.. arguments]).Errors);
    }

    [Theory, MemberData(nameof(Workloads))]
    public void Deployments_give_the_tool_time_to_finish_and_jobs_do_not_overlap(string name)
    {
        if (name == "ingest")
        {
            var grace = Pod(name).Spec.TerminationGracePeriodSeconds;
            Assert.True(grace > CommandLineTool.Grace.TotalSeconds);
            return;
        }

        var job = Read<V1CronJob>(name).Spec;
        Assert.Equal("Forbid", job.ConcurrencyPolicy);
        Assert.Equal(0, job.JobTemplate.Spec.BackoffLimit);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("report")]
    public void A_job_that_looked_at_nothing_fails(string name)
    {
        var job = Read<V1CronJob>(name).Spec.JobTemplate.Spec;

        Assert.DoesNotContain("--allow-empty", Assert.Single(job.Template.Spec.Containers).Args);
        Assert.Null(job.PodFailurePolicy);
    }

    private static V1PodTemplateSpec Pod(string name) =>
        name == "ingest" ? Read<V1Deployment>(name).Spec.Template : Read<V1CronJob>(name).Spec.JobTemplate.Spec.Template;

    private static T Read<T>(string name) => KubernetesYaml.Deserialize<T>(File.ReadAllText(Path.Combine(Folder, $"{name}.yaml")), strict: true);
}
