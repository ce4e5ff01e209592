using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Query.Coverage;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog lake coverage</c>: where and when the logs can be relied on.</summary>
internal static class CoverageCommand
{
    private static readonly Option<bool> ByHour = new("--by-hour") { Description = "One line per NIC and hour instead of one per NIC." };

    public static Verb Create(CliHost host)
    {
        var question = new QuestionOptions();
        var verb = new Verb("coverage", "Grades the logs from A to D, per NIC: what should be there, what is there, and what was read of it.",
            new("flowlog lake coverage", "One line per NIC with its worst hours."),
            new("flowlog lake coverage --since 2d --by-hour --output csv", "Every NIC and hour of two days."));
        verb.Options.Add(ByHour);
        question.AddTo(verb);
        return verb.Does(host, async (call, ct) =>
        {
            using var session = await question.OpenAsync(call, ct);
            var hours = session.Database.Coverage;
            await call.WriteAsync(call.Get(ByHour) ? Hours(hours) : Nics(hours), ct);
            if (!session.Database.FilledTables.Contains("nics"))
                call.Note("The inventory is empty, so nobody knows which blobs are missing: `flowlog inventory import`.");
            return question.Code(call, hours.Count == 0 ? session.LookedAt.NoRows : null);
        });
    }

    private static ResultSet Hours(IReadOnlyList<CoverageHour> hours) => ResultSet.Of(
        ["hour", "mac", "name", "grade", "expected", "blobs", "bytes", "bytes_parsed", "records", "tuples", "rows", "rejected", "silent_minutes", "late", "repeated", "notes"],
        [.. hours.Select(h => (object?[])[h.Hour, h.Mac, h.Name, h.Grade.ToString(), h.Expected, h.Blobs, h.Bytes, h.BytesParsed, h.Records, h.Tuples, h.Rows, h.Rejected, h.SilentMinutes, h.Late, h.Repeated, string.Join(' ', h.Notes)])]);

    private static ResultSet Nics(IReadOnlyList<CoverageHour> hours) => ResultSet.Of(
        ["mac", "name", "grade", "hours", "a", "b", "c", "d", "blobs", "rows", "rejected", "silent_minutes", "late", "repeated", "notes"],
        [.. hours.GroupBy(h => h.Mac, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(Nic)]);

    private static object?[] Nic(IGrouping<string, CoverageHour> nic) =>
    [
        nic.Key, nic.Select(h => h.Name).LastOrDefault(n => n is not null), nic.Max(h => h.Grade).ToString(), nic.Count(),
        nic.Count(h => h.Grade == CoverageGrade.A), nic.Count(h => h.Grade == CoverageGrade.B), nic.Count(h => h.Grade == CoverageGrade.C), nic.Count(h => h.Grade == CoverageGrade.D),
        nic.Sum(h => h.Blobs), nic.Sum(h => h.Rows), nic.Sum(h => h.Rejected), nic.Sum(h => h.SilentMinutes), nic.Sum(h => h.Late), nic.Sum(h => h.Repeated),
        string.Join(' ', nic.SelectMany(h => h.Notes).Distinct(StringComparer.Ordinal).Take(4)),
    ];
}
