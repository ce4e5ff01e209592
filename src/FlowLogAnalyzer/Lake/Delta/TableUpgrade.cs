namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// Makes a table's protocol and properties true: every feature that its metadata makes active is listed, and a property says
/// which columns have statistics. New tables begin like that; one of an earlier release gets there by one commit.
/// </summary>
internal static class TableUpgrade
{
    public const string StatisticsColumns = "delta.dataSkippingStatsColumns";
    private const string StatisticsCount = "delta.dataSkippingNumIndexedCols";

    /// <summary>What says which columns have statistics; without it a reader may expect those of the first 32.</summary>
    public static KeyValuePair<string, string> Statistics(IEnumerable<Column> columns)
    {
        string[] names = [.. columns.Where(c => c.HasStatistics).Select(c => c.Name)];
        return names.Length > 0 ? new(StatisticsColumns, string.Join(',', names)) : new(StatisticsCount, "0");
    }

    /// <summary>The change that makes a table true, or null when it is. Only what is missing is added.</summary>
    public static DeltaChange? Of(DeltaSnapshot snapshot, IReadOnlyList<Column> columns)
    {
        if (snapshot is not { Protocol: { } protocol, Metadata: { } metadata })
            return null;

        string[] missing = [.. TableFeatures.Missing(protocol, metadata).Select(m => m.Name)];
        var hasStatistics = metadata.Configuration.ContainsKey(StatisticsColumns) || metadata.Configuration.ContainsKey(StatisticsCount);
        if (missing.Length == 0 && hasStatistics)
            return null;

        var configuration = metadata.Configuration.ToDictionary();
        var (property, value) = Statistics(columns);
        if (!hasStatistics)
            configuration[property] = value;
        return new DeltaChange("UPGRADE PROTOCOL")
        {
            Protocol = missing.Length == 0 ? protocol : Listing(protocol, missing),
            Metadata = metadata with { Configuration = configuration },
            DataChange = false,
            Parameters = new Dictionary<string, string>
            {
                ["features"] = string.Join(',', missing),
                ["properties"] = hasStatistics ? "" : $"{property}={value}",
                ["reason"] = "every feature that the table uses is listed, and the columns that have statistics are named",
            },
        };
    }

    private static DeltaProtocol Listing(DeltaProtocol protocol, string[] missing) =>
        protocol with { MinWriterVersion = 7, WriterFeatures = [.. TableFeatures.Listed(protocol).Concat(missing).Order(StringComparer.Ordinal)] };
}
