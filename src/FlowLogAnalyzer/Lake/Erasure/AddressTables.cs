using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Lake.Erasure;

/// <summary>
/// An address in the tables beside the tuples. The inventory keeps its documents, with the address taken out of them; rows of any other table
/// (what was told, baselines, sums) go: they are worked out again.
/// </summary>
internal sealed class AddressTables(FlowLake lake)
{
    private const string Inventory = "inventory";

    public async ValueTask<IReadOnlyDictionary<string, long>> CountAsync(AddressText text, CancellationToken ct)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in await TablesAsync(ct))
            if ((await table.ReadAllAsync(ct)).LongCount(row => IsIn(row, text)) is > 0 and var rows)
                counts[table.Name] = rows;
        return counts;
    }

    public async ValueTask EraseAsync(AddressText text, CancellationToken ct)
    {
        foreach (var table in await TablesAsync(ct))
            await table.RewriteAsync("ERASE", row => !IsIn(row, text) ? row : table.Name == Inventory ? [.. row.Select(cell => cell is string s ? text.Erase(s) : cell)] : null, ct);
    }

    private static bool IsIn(object?[] row, AddressText text) => row.Any(cell => cell is string s && text.IsIn(s));

    private async ValueTask<IReadOnlyList<SmallTable>> TablesAsync(CancellationToken ct)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var file in lake.Store.ListAsync("", ct))
            if (DeltaNames.TableOf(file.Path) is { } folder && folder != TupleTable.Folder)
                names.Add(folder.TrimEnd('/'));
        var tables = new List<SmallTable>();
        foreach (var name in names)
            if ((await new DeltaLog(lake.Store, name, TimeProvider.System).LoadAsync(ct)).Metadata is { } metadata)
                tables.Add(lake.Table(name, Columns(metadata)));
        return tables;
    }

    private static Column[] Columns(DeltaMetadata metadata) => [.. DeltaSchema.Read(metadata.SchemaJson).Select(c => new Column(c.Name, Type(c.Type), c.Nullable, ""))];

    private static ColumnType Type(string name) => Enum.GetValues<ColumnType>().First(t => DeltaSchema.TypeName(t) == name);
}
