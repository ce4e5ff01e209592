using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Lake;

/// <summary>
/// The first date that the lake keeps, in a domain of the table <c>tuples</c>. By itself it only ever moves forward: what came before
/// was dropped with its reading positions, so those blobs must not be read again until somebody moves it back on purpose.
/// </summary>
public static class RetentionMark
{
    public const string Domain = "flowlog.retention";

    /// <summary>Null when the lake keeps everything.</summary>
    public static DateOnly? Of(DeltaSnapshot snapshot)
    {
        if (!snapshot.Domains.TryGetValue(Domain, out var text))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return DateOnly.ParseExact(document.RootElement.GetProperty("from").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException)
        {
            throw new InvalidDataException($"The domain '{Domain}' in tuples/_delta_log is '{text}', where {Text(new DateOnly(2026, 1, 31))} was expected. Put back a copy of the log.", e);
        }
    }

    /// <summary>Rows on kept dates of blobs whose position went with its date, less rows that went of blobs whose position stayed; null when it is not known.</summary>
    internal static long? Strays(DeltaSnapshot snapshot)
    {
        if (!snapshot.Domains.TryGetValue(Domain, out var text))
            return 0;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.TryGetProperty("strays", out var strays) ? strays.GetInt64() : null;
    }

    public static string Text(DateOnly from, long? strays = null) => strays is { } rows
        ? string.Create(CultureInfo.InvariantCulture, $$"""{"from":"{{from:yyyy-MM-dd}}","strays":{{rows}}}""")
        : $$"""{"from":"{{from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}}"}""";

    /// <summary>True when the blob is of a date that was dropped.</summary>
    public static bool IsPast(BlobIdentity blob, DateOnly? from) => from is { } first && blob.Hour is { } hour && DateOnly.FromDateTime(hour.StartUtc) < first;
}
