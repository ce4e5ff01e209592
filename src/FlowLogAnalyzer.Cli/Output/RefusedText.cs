using System.Globalization;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Tuples and records that gave no row: a sentence with the reasons, and the first of them.</summary>
internal static class RefusedText
{
    private const int Shown = 10;

    /// <param name="tuples">Seen, refused ones included.</param>
    /// <param name="rejected">Tuples by reason.</param>
    /// <param name="records">Whole records by reason; their tuples count above.</param>
    /// <param name="samples">The first of both.</param>
    /// <param name="tell">Takes the lines.</param>
    public static void Tell(long tuples, IReadOnlyDictionary<string, long> rejected, IReadOnlyDictionary<string, long> records, IReadOnlyList<Rejection> samples, Action<string> tell)
    {
        if (rejected.Count > 0)
            tell(string.Create(CultureInfo.InvariantCulture, $"refused: {rejected.Values.Sum():n0} of {tuples:n0} tuples: {Reasons(rejected)}."));
        if (records.Count > 0)
            tell(string.Create(CultureInfo.InvariantCulture, $"refused: {records.Values.Sum():n0} {(records.Values.Sum() == 1 ? "record" : "records")} as a whole: {Reasons(records)}."));
        if (rejected.Count + records.Count == 0)
            return;

        foreach (var sample in samples.Take(Shown))
            tell($"  {Place(sample)}: {sample.Reason}: {OneLine(sample.Text)}");
        var things = rejected.Where(r => !records.ContainsKey(r.Key)).Sum(r => r.Value) + records.Values.Sum();
        if (things > samples.Take(Shown).Count())
            tell(string.Create(CultureInfo.InvariantCulture, $"  and {things - samples.Take(Shown).Count():n0} more."));
    }

    private static string Reasons(IReadOnlyDictionary<string, long> counts) =>
        string.Join(", ", counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value:n0} x {c.Key}")));

    private static string Place(Rejection sample) =>
        sample.Blob + (sample.RecordIndex is { } record ? $", record {record}" : "") + (sample.TupleIndex is { } tuple ? $", tuple {tuple}" : "");

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
