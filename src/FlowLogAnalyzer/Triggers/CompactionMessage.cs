using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Triggers;

/// <summary>
/// The work item of a compaction: <c>{"compact":"2026-11-20","from":"06:00:00","to":"12:00:00"}</c>, times in UTC. Without
/// <c>from</c> from the beginning of the date, without <c>to</c> to its end.
/// </summary>
public static class CompactionMessage
{
    /// <summary>The field by which such a message is known.</summary>
    public const string Field = "compact";

    /// <summary>What <see cref="Read"/> understands, as a sentence begins.</summary>
    public const string Expected = "A compaction names a date such as \"2026-11-20\" and, for a part of it, times such as \"from\":\"06:00:00\" and a later \"to\":\"12:00:00\"";

    private const string From = "from";
    private const string To = "to";
    private const string DateFormat = "yyyy-MM-dd";
    private const string TimeFormat = "HH:mm:ss.FFFFFFF";

    public static string Write(CompactionJob job)
    {
        var fields = new Dictionary<string, string> { [Field] = job.Date.ToString(DateFormat, CultureInfo.InvariantCulture) };
        if (job.From > TimeOnly.MinValue)
            fields[From] = job.From.ToString(TimeFormat, CultureInfo.InvariantCulture);
        if (job.To is { } to)
            fields[To] = to.ToString(TimeFormat, CultureInfo.InvariantCulture);
        return JsonSerializer.Serialize(fields);
    }

    /// <summary>Null when a part of it cannot be understood: a job must not become larger by that.</summary>
    public static CompactionJob? Read(JsonElement message) =>
        DateOnly.TryParseExact(BlobEvents.Text(message, Field), DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && TryReadTime(message, From, out var from)
        && TryReadTime(message, To, out var to)
        && (to is null || (from ?? default) < to)
            ? new CompactionJob(date, from ?? default, to)
            : null;

    private static bool TryReadTime(JsonElement message, string name, out TimeOnly? time)
    {
        var isTime = TimeOnly.TryParseExact(BlobEvents.Text(message, name), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read);
        time = isTime ? read : null;
        return isTime || !message.TryGetProperty(name, out _);
    }
}
