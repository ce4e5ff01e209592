using System.Globalization;
using DuckDB.NET.Data;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Analysis;

/// <summary>Writes given tuples as a real Parquet file of the lake's columns and opens a database over it.</summary>
internal sealed class LakeBuilder : IDisposable
{
    public static readonly DateTime Start = new(2026, 11, 20, 10, 0, 0, DateTimeKind.Utc);

    private readonly string _folder = Directory.CreateTempSubdirectory("flowlog-test-").FullName;
    private readonly List<object?[]> _rows = [];
    private int _written;

    public List<InventoryTable> Tables { get; } = [];

    public Dictionary<string, List<object?[]>> Addresses { get; } = new(StringComparer.Ordinal);

    public string ParquetPath => Path.Combine(_folder, "event_date=2026-11-20", "part.parquet");

    /// <summary>One tuple; <paramref name="seconds"/> counts from <see cref="Start"/>.</summary>
    public LakeBuilder Add(double seconds, string mac, string flow, Tuple? more = null)
    {
        var t = more ?? new Tuple();
        var ends = flow.Split(" -> ");
        var (source, destination) = (End(ends[0]), End(ends[1]));
        var time = Start.AddMilliseconds(seconds * 1000);
        var cells = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["time"] = time,
            ["mac"] = mac,
            ["src_ip"] = source.Address,
            ["src_port"] = source.Port,
            ["dst_ip"] = destination.Address,
            ["dst_port"] = destination.Port,
            ["protocol"] = (short)t.Protocol,
            ["direction"] = t.Outbound ? "Outbound" : "Inbound",
            ["decision"] = t.Deny ? "Deny" : "Allow",
            ["state"] = t.State == "none" ? null : t.State ?? (t.Deny ? "Denied" : "Begin"),
            ["rule"] = t.Rule,
            ["acl_id"] = t.Acl,
            ["packets_sent"] = t.Sent / 100,
            ["bytes_sent"] = t.Sent,
            ["packets_received"] = t.Received / 100,
            ["bytes_received"] = t.Received,
            ["src_key"] = "",
            ["dst_key"] = "",
            ["format"] = t.Format,
            ["record_time"] = time,
            ["blob_hour"] = time,
            ["blob"] = $"blob-{mac}",
            ["record_index"] = 0,
            ["tuple_index"] = _rows.Count,
            ["flags"] = (int)t.Flags,
        };
        _rows.Add([.. FlowColumns.All.Skip(1).Select(c => cells.GetValueOrDefault(c.Name))]);
        return this;
    }

    /// <summary>Rows of an inventory table by column name; what is not given is null, and the row is valid for ever.</summary>
    public LakeBuilder With(TableShape shape, params IReadOnlyDictionary<string, object?>[] rows)
    {
        Tables.Add(new InventoryTable(shape, [.. rows.Select(row => Cells(shape, row))]));
        return this;
    }

    public static Dictionary<string, object?> Row(params (string Column, object? Value)[] cells) => cells.ToDictionary(c => c.Column, c => c.Value, StringComparer.Ordinal);

    public LakeBuilder Address(string ip, params IReadOnlyDictionary<string, object?>[] owners)
    {
        Addresses[ip] = [.. owners.Select(o => Cells(InventorySchema.Addresses, new Dictionary<string, object?>(o, StringComparer.Ordinal) { ["ip"] = ip }))];
        return this;
    }

    public LakeDatabase Open(Func<LakeDatabaseOptions, LakeDatabaseOptions>? change = null, CancellationToken cancellation = default)
    {
        Write();
        var options = new LakeDatabaseOptions
        {
            Files = _rows.Count == 0 ? [] : [ParquetPath],
            Tables = Tables,
            Resolve = key => Addresses.GetValueOrDefault(key.ToString(), []),
            Threads = 1,
        };
        return LakeDatabase.Open(TestEngine.Apply(change?.Invoke(options) ?? options), cancellation);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write()
    {
        if (_rows.Count == _written)
            return;

        Directory.CreateDirectory(Path.GetDirectoryName(ParquetPath)!);
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"create table part ({string.Join(", ", FlowColumns.All.Skip(1).Select(c => $"{c.Name} {SqlType(c.Type)}"))})";
        command.ExecuteNonQuery();
        using (var appender = connection.CreateAppender("part"))
            _rows.ForEach(cells => Append(appender.CreateRow(), cells));
        command.CommandText = $"copy part to '{ParquetPath}' (format parquet)";
        command.ExecuteNonQuery();
        _written = _rows.Count;
    }

    private static void Append(IDuckDBAppenderRow row, object?[] cells)
    {
        foreach (var cell in cells)
        {
            _ = cell switch
            {
                null => row.AppendNullValue(),
                string text => row.AppendValue(text),
                DateTime time => row.AppendValue(time),
                short number => row.AppendValue(number),
                int number => row.AppendValue(number),
                long number => row.AppendValue(number),
                _ => throw new NotSupportedException(cell.GetType().Name),
            };
        }

        row.EndRow();
    }

    private static string SqlType(ColumnType type) => type switch
    {
        ColumnType.Short => "smallint",
        ColumnType.Integer => "integer",
        ColumnType.Long => "bigint",
        ColumnType.Timestamp => "timestamptz",
        _ => "varchar",
    };

    private static object?[] Cells(TableShape shape, IReadOnlyDictionary<string, object?> row)
    {
        Assert.All(row.Keys, name => Assert.Contains(shape.Columns, c => c.Name == name));
        return [.. shape.Columns.Select(c => row.TryGetValue(c.Name, out var cell) ? cell : c.Name switch
        {
            "valid_from" => InventorySchema.BeginningOfTime,
            "valid_to" => InventorySchema.EndOfTime,
            "certain" => true,
            _ => null,
        })];
    }

    private static (string Address, int? Port) End(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0 ? (text, null) : (text[..colon], int.Parse(text[(colon + 1)..], CultureInfo.InvariantCulture));
    }
}

/// <summary>What of a tuple is not its time, NIC and 5-tuple.</summary>
internal sealed record Tuple
{
    public bool Outbound { get; init; }
    public bool Deny { get; init; }
    public string? State { get; init; }
    public string? Rule { get; init; } = "DefaultRule_AllowVnetInBound";
    public string? Acl { get; init; } = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/NSG-USER";
    public string Format { get; init; } = "vnet-v4";
    public long Protocol { get; init; } = 6;
    public long? Sent { get; init; }
    public long? Received { get; init; }
    public long Flags { get; init; }
}
