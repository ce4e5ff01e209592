using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>What an <c>add</c> says of its file, read back from the statistics; null = it does not say.</summary>
internal readonly record struct FileFacts(long? Rows, DateTime? MinTime, DateTime? MaxTime, string? MinBlob, string? MaxBlob)
{
    public static FileFacts Of(AddFile file) => Of(file.Stats);

    public static FileFacts Of(string? stats)
    {
        if (stats is null)
            return default;

        using var document = JsonDocument.Parse(stats);
        var root = document.RootElement;
        return new FileFacts(
            root.TryGetProperty("numRecords", out var rows) ? rows.GetInt64() : null,
            Time(root, "minValues"),
            Time(root, "maxValues"),
            Text(root, "minValues", "blob"),
            Text(root, "maxValues", "blob"));
    }

    /// <summary>False only when the file surely holds no row of the blob.</summary>
    public bool MayHoldBlob(string key) =>
        MinBlob is null || MaxBlob is null || (Utf8Order.Compare(MinBlob, key) <= 0 && Utf8Order.Compare(key, MaxBlob) <= 0);

    /// <summary>False only when the file surely holds no row with <paramref name="since"/> &lt;= time &lt; <paramref name="until"/>.</summary>
    public bool MayHoldTime(DateTime? since, DateTime? until) =>
        !(MaxTime is { } max && since is { } s && max < s) && !(MinTime is { } min && until is { } u && min >= u);

    private static DateTime? Time(JsonElement root, string kind) =>
        Text(root, kind, "time") is { } text ? DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal) : null;

    private static string? Text(JsonElement root, string kind, string column) =>
        root.TryGetProperty(kind, out var values) && values.TryGetProperty(column, out var value) ? value.GetString() : null;
}
