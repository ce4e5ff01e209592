using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory.Resolving;
using FlowLogAnalyzer.Inventory.Tables;
using FlowLogAnalyzer.Inventory.Timeline;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Inventory;

/// <summary>The rules of an NSG during [<paramref name="From"/>, <paramref name="To"/>), UTC.</summary>
public sealed record NsgVersion(NetworkSecurityGroup Nsg, DateTime From, DateTime To);

/// <summary>
/// What the cluster and its network were, and when: made of snapshot documents, handed to the query engine as tables.
/// Without documents every table is empty and addresses are platform, private or public only.
/// </summary>
public sealed class ClusterInventory
{
    private readonly AddressResolver _resolver;

    private ClusterInventory(InventoryHistory history, InventoryOptions options)
    {
        (History, Options) = (history, options);
        var book = new ClaimBook();
        var tables = new TableSet();
        NetworkSecurityGroups = NsgTables.Read(history);
        tables.AddLasting(history, NetworkSecurityGroups);
        NetworkClaims.AddLasting(history, options, book);
        var times = history.Boundaries();
        foreach (var (from, to) in times.Zip(times.Skip(1)))
        {
            var moment = new Moment(history, from, to, options);
            var services = moment.Services.Select(s => new ServiceFacts(moment, s)).ToList();
            tables.AddMoment(moment, services);
            ClusterClaims.Add(moment, services, book);
            NetworkClaims.Add(moment, book);
        }

        Tables = tables.Build();
        Notes = InventoryNotes.Missing(history, Tables);
        _resolver = new AddressResolver(book);
    }

    public static ClusterInventory Empty { get; } = Build([]);

    /// <summary>Every table of <see cref="InventorySchema"/> but <c>addresses</c>, which is made of the flows' addresses.</summary>
    public IReadOnlyList<InventoryTable> Tables { get; }

    /// <summary>Every version of every NSG, by name and time: what a replay needs.</summary>
    public IReadOnlyList<NsgVersion> NetworkSecurityGroups { get; }

    /// <summary>Changes of NSGs that an export of the Activity Log tells, in order of time.</summary>
    public IReadOnlyList<NsgOperation> NsgOperations => History.NsgOperations;

    /// <summary>Every entity with its versions: subnets, virtual networks, route tables and NICs for a replay.</summary>
    internal InventoryHistory History { get; }

    /// <summary>What the user told about the cluster.</summary>
    internal InventoryOptions Options { get; }

    /// <summary>What is missing, what that costs, and the command that gets it.</summary>
    public IReadOnlyList<InventoryNote> Notes { get; }

    /// <exception cref="InvalidDataException">A document does not hold an entity of its kind.</exception>
    public static ClusterInventory Build(IEnumerable<InventoryDocument> documents, InventoryOptions? options = null) =>
        new(new InventoryHistory(documents), options ?? new InventoryOptions());

    /// <summary>Who an address was: intervals in order, without gap or overlap, from the beginning to the end of time.</summary>
    public IReadOnlyList<AddressRow> Resolve(IpAddressKey address) => _resolver.Resolve(address);

    /// <summary>The table <c>addresses</c> for the addresses that the flows hold.</summary>
    public InventoryTable ResolveAll(IEnumerable<IpAddressKey> addresses)
    {
        var rows = new List<object?[]>();
        foreach (var address in addresses.Distinct().OrderBy(a => a.Bits).ThenBy(a => a.IsIPv6))
            rows.AddRange(Resolve(address).Select(r => (object?[])
            [
                address.ToString(), r.Facts.Kind, r.Facts.Name, r.Facts.Node, r.Facts.Pod, r.Facts.Workload, r.Facts.Pool, r.Facts.Role,
                r.Facts.Service, r.Subnet, r.Certain, r.From, r.To,
            ]));

        return new InventoryTable(InventorySchema.Addresses, rows);
    }
}
