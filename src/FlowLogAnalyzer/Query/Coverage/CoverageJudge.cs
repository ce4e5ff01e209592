using System.Globalization;

namespace FlowLogAnalyzer.Query.Coverage;

/// <summary>Grades one NIC and hour. Every reason to grade down is a sentence.</summary>
internal sealed class CoverageJudge(CoverageExpectation? expectation, bool knowsFlowLogs, IReadOnlyDictionary<string, CoverageRows> rows)
{
    /// <summary>Up to this share, rejected tuples are a small flaw.</summary>
    private const double FewRejected = 0.001;

    /// <summary>A quiet NIC has no record in some minutes; more than this many in a row of an hour deserve a word.</summary>
    private const int FewSilentMinutes = 6;
    private readonly List<string> _notes = [];
    private CoverageGrade _grade = CoverageGrade.A;

    public CoverageHour Judge(string mac, DateTime hour, IReadOnlyList<CoverageBlob> blobs)
    {
        var facts = Facts(mac, hour, blobs);
        if (blobs.Count == 0)
            JudgeAbsence();
        else
            JudgeBlobs(facts, blobs);
        return facts with { Grade = _grade, Notes = [.. _notes] };
    }

    private CoverageHour Facts(string mac, DateTime hour, IReadOnlyList<CoverageBlob> blobs)
    {
        var minutes = blobs.SelectMany(b => rows.GetValueOrDefault(b.Key)?.Minutes ?? new HashSet<long>()).ToHashSet();
        return new CoverageHour
        {
            Mac = mac,
            Name = expectation?.Name,
            Nsgs = expectation?.Nsgs ?? [],
            Hour = hour,
            Expected = knowsFlowLogs && expectation is not null ? expectation.Blobs : null,
            Blobs = blobs.Count,
            Bytes = blobs.Sum(b => b.Position.Length),
            BytesParsed = blobs.Sum(b => b.Parsed),
            Records = blobs.Sum(b => (long)b.Position.Records),
            Tuples = blobs.Sum(b => b.Position.Tuples),
            Rows = blobs.Sum(b => b.Position.Rows),
            SilentMinutes = minutes.Count == 0 ? 0 : (int)(minutes.Max() - minutes.Min() + 1 - minutes.Count),
            Late = blobs.Count(b => b.IsLate),
            Repeated = blobs.Sum(b => rows.GetValueOrDefault(b.Key)?.Repeated ?? 0),
        };
    }

    private void JudgeAbsence()
    {
        if (!knowsFlowLogs)
            Note(CoverageGrade.D, "No blob, and no flow-log resource is in the inventory that would tell whether there should be one (az network watcher flow-log list).");
        else if (expectation!.Blobs == 0)
            Note(CoverageGrade.D, "No flow log that is switched on covers this NIC.");
        else if (expectation.IsNode)
            Note(CoverageGrade.D, "No blob although a flow log is switched on: a node is never silent for an hour. The blob was not ingested, or the platform has a gap.");
        else
            Note(CoverageGrade.C, "No blob: there was no traffic, or there is a gap. The logs cannot tell.");
    }

    private void JudgeBlobs(CoverageHour facts, IReadOnlyList<CoverageBlob> blobs)
    {
        JudgeReading(facts, blobs);
        JudgeLevels(blobs);
        if (blobs.Any(b => b.IsVnet) && blobs.Any(b => !b.IsVnet))
            Note(CoverageGrade.B, "NSG and VNet flow logs both cover this NIC: the views count the VNet rows only.");
        if (blobs.Any(b => rows.GetValueOrDefault(b.Key)?.Format == "nsg-v1"))
            Note(CoverageGrade.C, "Version 1 logs: no states, no bytes.");
        foreach (var filter in expectation?.Filters ?? [])
            Note(CoverageGrade.C, $"The flow log leaves flows out on purpose: {filter}.");
        if (expectation is null)
            Note(CoverageGrade.B, "The inventory does not know this NIC.");
    }

    private void JudgeReading(CoverageHour facts, IReadOnlyList<CoverageBlob> blobs)
    {
        if (blobs.Any(b => b.IsCut))
            Note(CoverageGrade.C, "A blob ends in the middle of a record.");
        if (blobs.Any(b => b.IsDamaged))
            Note(CoverageGrade.C, "A blob is damaged: what is behind the fault is not in the lake.");
        if (facts.Rejected > 0)
            Note(facts.Rejected > FewRejected * facts.Tuples ? CoverageGrade.C : CoverageGrade.B, Text($"{facts.Rejected} of {facts.Tuples} tuples were rejected."));
        if (facts.SilentMinutes > FewSilentMinutes)
            Note(CoverageGrade.B, Text($"{facts.SilentMinutes} minutes without a record between the first and the last one."));
        if (facts.Late > 0)
            Note(CoverageGrade.A, Text($"{facts.Late} of {facts.Blobs} blobs changed more than ten minutes after the hour; what came late was read."));
        if (facts.Repeated > 0)
            Note(CoverageGrade.B, Text($"{facts.Repeated} rows repeat rows of another record."));
    }

    private void JudgeLevels(IReadOnlyList<CoverageBlob> blobs)
    {
        if (expectation is null || blobs.Any(b => b.IsVnet))
            return;

        var seen = blobs.Select(b => b.Nsg).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] missing = [.. expectation.Nsgs.Where(n => !seen.Contains(n))];
        if (missing.Length > 0)
            Note(CoverageGrade.C, $"{string.Join(" and ", missing)} guards this NIC too and is not in the logs: what it denied is not seen.");
        if (expectation.IsVnetLogged)
            Note(CoverageGrade.C, "A VNet flow log covers this NIC and no blob of it is here.");
    }

    private void Note(CoverageGrade grade, string text)
    {
        if (grade > _grade)
            _grade = grade;
        _notes.Add(text);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
