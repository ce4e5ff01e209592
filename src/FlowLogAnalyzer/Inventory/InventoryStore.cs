using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Inventory;

/// <summary>Keeps inventory documents in the lake's table <c>inventory</c>, so that flows of last week meet the cluster of last week.</summary>
public sealed class InventoryStore(FlowLake lake)
{
    public const string TableName = "inventory";

    public static IReadOnlyList<Column> Columns { get; } =
    [
        new("as_of", ColumnType.Timestamp, false, "When the snapshot was taken, UTC.", true),
        new("kind", ColumnType.String, false, "What the entity is: node, pod, service, nsg, ….", true),
        new("id", ColumnType.String, false, "What makes two sightings the same entity: a Kubernetes uid, or an ARM id in lower case."),
        new("name", ColumnType.String, false, "Its name."),
        new("json", ColumnType.String, false, "The entity, without secrets or bulk."),
    ];

    private readonly SmallTable _table = lake.Table(TableName, Columns);

    /// <summary>Adds the documents in one commit; those of a snapshot that is kept already, word for word, are not added again. Returns how many were new.</summary>
    public async ValueTask<int> SaveAsync(IReadOnlyCollection<InventoryDocument> documents, CancellationToken ct = default)
    {
        var known = (await LoadAsync(ct)).ToHashSet();
        var added = documents.Select(Stored).Distinct().Where(document => !known.Contains(document)).ToList();
        await _table.AppendAsync([.. added.Select(d => (object?[])[d.AsOf, d.Kind, d.Id, d.Name, d.Json])], ct);
        return added.Count;
    }

    /// <summary>All documents, by time, kind and id; none when nothing was imported.</summary>
    public async ValueTask<IReadOnlyList<InventoryDocument>> LoadAsync(CancellationToken ct = default)
    {
        var rows = await _table.ReadAllAsync(ct);
        return
        [
            .. rows.Select(row => new InventoryDocument((DateTime)row[0]!, (string)row[1]!, (string)row[2]!, (string)row[3]!, (string)row[4]!))
                .OrderBy(d => d.AsOf).ThenBy(d => d.Kind, StringComparer.Ordinal).ThenBy(d => d.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Version of the table; -1 when nothing was imported.</summary>
    public async ValueTask<long> VersionAsync(CancellationToken ct = default) => (await _table.SnapshotAsync(ct)).Version;

    /// <summary>The table's times have milliseconds.</summary>
    private static InventoryDocument Stored(InventoryDocument document) =>
        document with { AsOf = document.AsOf.AddTicks(-(document.AsOf.Ticks % TimeSpan.TicksPerMillisecond)) };
}
