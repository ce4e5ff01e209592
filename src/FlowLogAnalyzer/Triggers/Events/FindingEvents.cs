using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Findings.Exports;

namespace FlowLogAnalyzer.Triggers.Events;

/// <summary>
/// Findings as messages of a limited size. One that is too large goes out shortened, and says so, in preference to not at
/// all: a message that is refused would be sent again, and refused again, by every check.
/// </summary>
public static class FindingEvents
{
    private const int ShortText = 200;
    private const int LongText = 1_000;
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>From the whole finding to what always fits.</summary>
    private static readonly Func<Finding, Finding>[] Shorter = [f => f, WithoutCode, WithShortEvidence, WithoutEvidence, WithShortTexts];

    /// <summary>OCSF Detection Findings; a finding keeps its key from run to run.</summary>
    public static IReadOnlyList<OutgoingEvent> Ocsf(IEnumerable<Finding> findings, int maxBytes) =>
        [.. findings.Select(f => (Key: OcsfFindings.Uid(f), Finding: f)).Select(f => new OutgoingEvent(f.Key, Write(f.Finding, maxBytes - f.Key.Length, OcsfFindings.Write)))];

    /// <summary>A finding in at most so many bytes of JSON.</summary>
    public static ReadOnlyMemory<byte> Write(Finding finding, int maxBytes, Action<Utf8JsonWriter, Finding> write)
    {
        foreach (var shorten in Shorter)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer, Readable))
                write(json, shorten(finding));
            if (buffer.WrittenCount <= maxBytes)
                return buffer.WrittenMemory;
        }

        throw new ArgumentOutOfRangeException(nameof(maxBytes), maxBytes, "No finding is that small; a few kilobytes are needed.");
    }

    private static Finding WithoutCode(Finding f) => Noted(f) with
    {
        Fix = f.Fix is { } fix ? new FindingFix(fix.Summary) : null,
    };

    private static Finding WithShortEvidence(Finding f) => WithoutCode(f) with
    {
        Evidence = [.. f.Evidence.Select(e => KeyValuePair.Create(e.Key, Cut(e.Value)))],
    };

    private static Finding WithoutEvidence(Finding f) => WithoutCode(f) with { Evidence = [] };

    private static Finding WithShortTexts(Finding f) => WithoutEvidence(f) with
    {
        Subject = Cut(f.Subject, ShortText),
        Title = Cut(f.Title, ShortText),
        Explanation = Cut(f.Explanation, LongText),
        Fix = f.Fix is { } fix ? new FindingFix(Cut(fix.Summary, ShortText)) : null,
        Limits = [Note(f)],
    };

    private static Finding Noted(Finding f) => f with { Limits = [.. f.Limits, Note(f)] };

    private static string Note(Finding f) => $"This message is shortened; flowlog check --only {f.Id} shows all of it.";

    private static object? Cut(object? value) => value switch
    {
        string text => Cut(text, LongText),
        IEnumerable<object?> list => list.Take(20).Select(Cut).ToList(),
        _ => value,
    };

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…";
}
