using System.Collections.Concurrent;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>Collects what a verification finds, from any number of threads.</summary>
internal sealed class VerificationReport
{
    private const int MostOfAKind = 100;
    private readonly ConcurrentQueue<LakeProblem> _problems = [];
    private readonly ConcurrentDictionary<LakeProblemKind, int> _counts = [];

    /// <summary>Those of a kind beyond the first hundred are counted.</summary>
    public void Add(LakeProblemKind kind, string file, string place, string problem, string next)
    {
        if (_counts.AddOrUpdate(kind, 1, (_, n) => n + 1) <= MostOfAKind)
            _problems.Enqueue(new LakeProblem(kind, file, place, problem, next));
    }

    public IReadOnlyList<LakeProblem> Problems =>
    [
        .. _problems.OrderBy(p => p.Kind).ThenBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Place, StringComparer.Ordinal),
        .. _counts.Where(c => c.Value > MostOfAKind).OrderBy(c => c.Key)
            .Select(c => new LakeProblem(c.Key, "", "", $"{c.Value - MostOfAKind} more of this kind are not listed.", "flowlog lake repair")),
    ];
}
