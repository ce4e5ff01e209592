using System.Collections.Concurrent;
using System.Text.Json;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lab.Model;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Import;
using FlowLogAnalyzer.Tests.Analysis;
using Tuple = FlowLogAnalyzer.Tests.Analysis.Tuple;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

/// <summary>
/// The exports of the lab's healthy cluster (one node each for system, ingress and user, kubenet, hardened NSGs), to be changed
/// as a case needs, with flows written by hand beside them.
/// </summary>
internal sealed class EngineCluster : IDisposable
{
    public const string Client = "10.10.4.4";
    public const string Frontend = "10.10.2.100";
    public const string Service = "ingress/ingress-nginx-controller";

    private static readonly ConcurrentDictionary<bool, IReadOnlyList<InventoryDocument>> Exports = new();

    private readonly LakeBuilder _lake = new();
    private readonly List<InventoryDocument> _added = [];
    private readonly List<Func<InventoryDocument, InventoryDocument?>> _changes = [];
    private string _format = "vnet-v4";

    /// <summary>Puts an NSG of AKS on the nodes' NICs.</summary>
    public bool ManagedNicNsg { get; set; }

    public static string Ip(string role) => AddressPlan.Text(AddressPlan.Host(role, 0));

    public static string Node(string role) => $"aks-{role}-12345678-vmss000000";

    /// <summary>The logs are NSG flow logs, which show one level at a time.</summary>
    public EngineCluster NsgLogs()
    {
        _format = "nsg-v2";
        return this;
    }

    /// <summary>Other rules in an NSG, from the beginning.</summary>
    public EngineCluster Rules(string nsg, Func<NetworkSecurityGroup, NetworkSecurityGroup> change) => Change<NsgEntity>(InventoryKinds.Nsg, nsg, e => With(e, change));

    /// <summary>Other rules in an NSG, by an export some seconds after <see cref="LakeBuilder.Start"/>.</summary>
    public EngineCluster RulesFrom(double seconds, string nsg, Func<NetworkSecurityGroup, NetworkSecurityGroup> change)
    {
        var document = Documents().Last(d => d.Kind == InventoryKinds.Nsg && d.Name == nsg);
        _added.Add(EntityJson.ToDocument(LakeBuilder.Start.AddSeconds(seconds), InventoryKinds.Nsg, With((NsgEntity)EntityJson.FromDocument(document), change)));
        return this;
    }

    /// <summary>The Activity Log's entry about a rule that somebody wrote.</summary>
    public EngineCluster Wrote(double seconds, string nsg, string rule, string caller)
    {
        var resource = $"{LabIds.Nsg(nsg)}/securityRules/{rule}";
        _added.Add(EntityJson.ToDocument(LakeBuilder.Start.AddDays(1), InventoryKinds.Activity, new ActivityEntity
        {
            Id = $"entry-{_added.Count}",
            Name = rule,
            Time = LakeBuilder.Start.AddSeconds(seconds),
            Operation = "Microsoft.Network/networkSecurityGroups/securityRules/write",
            Status = "Succeeded",
            ResourceId = resource,
            Caller = caller,
        }));
        return this;
    }

    public EngineCluster Change<T>(string kind, string? name, Func<T, T> change)
        where T : InventoryEntity
    {
        _changes.Add(d => d.Kind == kind && (name is null || d.Name == name) ? EntityJson.ToDocument(d.AsOf, kind, change((T)EntityJson.FromDocument(d))) : d);
        return this;
    }

    public EngineCluster Without(string kind)
    {
        _changes.Add(d => d.Kind == kind ? null : d);
        return this;
    }

    /// <summary>One connection a second, logged where it arrives.</summary>
    public EngineCluster Arrive(string role, string flow, (double From, int Count) when, string rule, bool deny = false, string? nsg = null, byte protocol = 6)
    {
        for (var i = 0; i < when.Count; i++)
        {
            _lake.Add(when.From + i, Mac(role), flow.Replace(":*", $":{40000 + i}", StringComparison.Ordinal),
                new Tuple { Protocol = protocol, Deny = deny, Rule = rule, Acl = LabIds.Nsg(nsg ?? AddressPlan.NsgOf(role)), Format = _format });
        }

        return this;
    }

    /// <summary>The client's connections at a node, let in by its own rule or refused by the last one.</summary>
    public EngineCluster Clients(string role, (double From, int Count) when, bool deny = false) =>
        Arrive(role, $"{Client}:* -> {Frontend}:80", when, deny ? "UserRule_DenyAllOtherInbound" : "UserRule_AllowClientsToFrontend", deny);

    /// <summary>The Service behind a public load balancer, as its status says.</summary>
    public EngineCluster Public(string frontend) => Without(InventoryKinds.LoadBalancer)
        .Change<ServiceEntity>(InventoryKinds.Service, "ingress-nginx-controller", s => s with { LoadBalancerIps = [frontend], Annotations = new Dictionary<string, string>() });

    /// <summary>Annotations of the cloud provider, by their names without the prefix.</summary>
    public EngineCluster Annotated(params (string Name, string Value)[] annotations) => Change<ServiceEntity>(InventoryKinds.Service, "ingress-nginx-controller", s => s with
    {
        Annotations = new Dictionary<string, string>(s.Annotations.Concat(annotations.Select(a => KeyValuePair.Create("service.beta.kubernetes.io/" + a.Name, a.Value)))),
    });

    /// <summary>Another export, as a tool prints it, some seconds after <see cref="LakeBuilder.Start"/>.</summary>
    public EngineCluster Exported(double seconds, string json)
    {
        using var document = JsonDocument.Parse(json);
        _added.AddRange(DocumentSplitter.Split(document.RootElement).Entities.Select(e => EntityJson.ToDocument(LakeBuilder.Start.AddSeconds(seconds), e.Kind, e.Entity)));
        return this;
    }

    public NetworkModel Model(NetworkModelOptions? options = null, InventoryOptions? inventory = null) => new(ClusterInventory.Build(Documents(), inventory), options);

    public IReadOnlyList<Finding> Check(string id)
    {
        var inventory = ClusterInventory.Build(Documents());
        using var database = _lake.Open(o => o with { Tables = inventory.Tables, Resolve = a => inventory.ResolveAll([a]).Rows });
        var findings = EngineCheck.Run(database, new NetworkModel(inventory), new CheckOptions { Only = [id] }, TestContext.Current.CancellationToken).Findings;
        foreach (var finding in findings)
        {
            using var rows = database.Query((string)finding["sql"]!);
            Assert.Equal((finding.Id, finding.Count), (finding.Id, rows.Read().LongCount()));
        }

        return findings;
    }

    /// <summary>All that a Service needs, as rules.</summary>
    public FixBundle Plan(string service)
    {
        var inventory = ClusterInventory.Build(Documents());
        using var database = _lake.Open(o => o with { Tables = inventory.Tables, Resolve = a => inventory.ResolveAll([a]).Rows });
        return new FixPlanner(database, new NetworkModel(inventory)).PlanFor(service) ?? throw new InvalidOperationException($"No load balancer has a Service {service}.");
    }

    public void Dispose() => _lake.Dispose();

    private static string Mac(string role) => AddressPlan.Roles.Contains(role) ? NodeMacs.Value[role] : throw new ArgumentException($"There is no node for the role {role}.", nameof(role));

    private static readonly Lazy<Dictionary<string, string>> NodeMacs = new(() => Exported(managed: false).Where(d => d.Kind == InventoryKinds.Nic).Select(d => (NicEntity)EntityJson.FromDocument(d))
        .Where(n => n.Id.Contains("virtualmachinescalesets", StringComparison.Ordinal)).ToDictionary(n => AddressPlan.Roles.Single(r => n.Id.Contains($"aks-{r}-", StringComparison.Ordinal)), n => n.Mac!));

    private List<InventoryDocument> Documents()
    {
        IEnumerable<InventoryDocument> documents = Exported(ManagedNicNsg);
        foreach (var change in _changes)
            documents = documents.Select(change).OfType<InventoryDocument>();
        return [.. documents, .. _added];
    }

    private static IReadOnlyList<InventoryDocument> Exported(bool managed) => Exports.GetOrAdd(managed, m =>
    {
        var folder = Directory.CreateTempSubdirectory("engine-cluster-");
        LabRunner.Write(LabScenarios.Find("healthy-cluster")!, new LabOptions { Minutes = 1, ManagedNicNsg = m }, folder.FullName);
        var documents = InventoryImporter.Import([Path.Combine(folder.FullName, "inventory")]).Documents;
        folder.Delete(recursive: true);
        return documents;
    });

    private static NsgEntity With(NsgEntity entity, Func<NetworkSecurityGroup, NetworkSecurityGroup> change)
    {
        var nsg = change(NsgJson.Read(entity.Source, entity.Name).Nsgs.Single());
        using var written = JsonDocument.Parse(NsgJsonWriter.ToUtf8([nsg]));
        return entity with { Source = written.RootElement[0].Clone() };
    }
}
