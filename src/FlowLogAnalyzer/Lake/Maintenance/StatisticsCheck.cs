using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>
/// Compares what an <c>add</c> says of its file with what is in it. What flowlog wrote is exact; of other writers' bounds it is asked
/// that no value lies outside of them (protocol, "Per-file Statistics": a long text may be cut, a time rounded).
/// </summary>
internal static class StatisticsCheck
{
    /// <summary>The first number that is wrong, as "what it is: what was said and what is", or null.</summary>
    public static string? Find(AddFile file, FileStatistics actual)
    {
        if (file.Stats is not { } text)
            return null;

        using var stated = JsonDocument.Parse(text);
        using var found = JsonDocument.Parse(actual.ToJson());
        var isOurs = FileDigest.Of(file) is not null;
        if (Number(stated.RootElement, "numRecords") is { } rows && rows != Number(found.RootElement, "numRecords"))
            return $"numRecords: the log says {rows}, the file has {Number(found.RootElement, "numRecords")}";
        return Compare(stated.RootElement, found.RootElement, "nullCount", (_, s, f) => s.GetRawText() == f.GetRawText())
            ?? Compare(stated.RootElement, found.RootElement, "minValues", (column, s, f) => isOurs ? s.GetRawText() == f.GetRawText() : Order(column, s, f) <= 0)
            ?? Compare(stated.RootElement, found.RootElement, "maxValues", (column, s, f) => isOurs ? s.GetRawText() == f.GetRawText() : Order(column, s, f) >= 0);
    }

    private static long? Number(JsonElement e, string name) => e.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : null;

    private static string? Compare(JsonElement stated, JsonElement found, string kind, Func<string, JsonElement, JsonElement, bool> isRight)
    {
        if (!stated.TryGetProperty(kind, out var said) || !found.TryGetProperty(kind, out var known))
            return null;
        foreach (var value in known.EnumerateObject())
            if (said.TryGetProperty(value.Name, out var s) && s.ValueKind != JsonValueKind.Null && !isRight(value.Name, s, value.Value))
                return $"{kind} of {value.Name}: the log says {s.GetRawText()}, the file has {value.Value.GetRawText()}";
        return null;
    }

    private static int Order(string column, JsonElement stated, JsonElement found)
    {
        if (found.ValueKind == JsonValueKind.Number)
            return stated.GetDouble().CompareTo(found.GetDouble());
        var (a, b) = (stated.GetString()!, found.GetString()!);
        return FlowColumns.All.Any(c => c.Name == column && c.Type == ColumnType.Timestamp)
            ? DateTimeOffset.Parse(a, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).CompareTo(DateTimeOffset.Parse(b, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal))
            : Utf8Order.Compare(a, b);
    }
}
