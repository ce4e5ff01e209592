using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Inventory;

/// <summary>The lake's table <c>inventory</c>: every entity of every snapshot, as imported.</summary>
public sealed class InventoryStore(FlowLake lake)
{
    private readonly SmallTable _table = lake.Table("inventory", Columns);

    public static IReadOnlyList<Column> Columns { get; } =
    [
        new("as_of", ColumnType.Timestamp, false, "When the snapshot was taken, UTC.", true),
        new("kind", ColumnType.String, false, "Kind of entity: node, service, pod, nsg, lb…; coverage says which listings were complete.", true),
        new("id", ColumnType.String, false, "Kubernetes uid, or ARM id in lower case."),
        new("name", ColumnType.String, false, "The entity's name."),
        new("json", ColumnType.String, false, "The normalised entity."),
    ];

    /// <summary>Adds documents; one that is there already (same time, kind and id) is replaced, so that an import can be repeated.</summary>
    public async ValueTask SaveAsync(IReadOnlyList<InventoryDocument> documents, CancellationToken ct = default)
    {
        documents = [.. documents.Select(Stored)];
        var existing = await LoadAsync(ct);
        var known = existing.ToDictionary(Key);
        if (documents.All(d => known.TryGetValue(Key(d), out var same) && same == d))
            return;

        if (documents.Any(d => known.ContainsKey(Key(d))))
            await _table.ReplaceAsync(Rows(existing.ExceptBy(documents.Select(Key), Key).Concat(documents)), ct);
        else
            await _table.AppendAsync(Rows(documents), ct);
    }

    /// <summary>All documents, by time, kind and id; none when nothing was imported.</summary>
    public async ValueTask<IReadOnlyList<InventoryDocument>> LoadAsync(CancellationToken ct = default)
    {
        var rows = await _table.ReadAllAsync(ct);
        return
        [
            .. rows.Select(r => new InventoryDocument((DateTime)r[0]!, (string)r[1]!, (string)r[2]!, (string)r[3]!, (string)r[4]!))
                .DistinctBy(Key).OrderBy(d => d.AsOf).ThenBy(d => d.Kind, StringComparer.Ordinal).ThenBy(d => d.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>The lake's times have milliseconds; a file's time has more, and must still be known again.</summary>
    private static InventoryDocument Stored(InventoryDocument document) =>
        document with { AsOf = document.AsOf.AddTicks(-(document.AsOf.Ticks % TimeSpan.TicksPerMillisecond)) };

    private static (DateTime, string, string) Key(InventoryDocument document) => (document.AsOf, document.Kind, document.Id);

    private static IReadOnlyList<object?[]> Rows(IEnumerable<InventoryDocument> documents) =>
    [
        .. documents.OrderBy(d => d.AsOf).ThenBy(d => d.Kind, StringComparer.Ordinal).ThenBy(d => d.Id, StringComparer.Ordinal)
            .Select(d => (object?[])[d.AsOf, d.Kind, d.Id, d.Name, d.Json]),
    ];
}
