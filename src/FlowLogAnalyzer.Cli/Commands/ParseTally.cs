using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>What became of the files of a <c>flowlog parse</c>, judged as an ingest judges them.</summary>
internal sealed class ParseTally
{
    private const int MostSamples = 10;
    private readonly Dictionary<string, long> _rejected = [];
    private readonly Dictionary<string, long> _records = [];
    private readonly List<Rejection> _samples = [];
    private readonly List<string> _found = [];
    private long _tuples;
    private long _files;
    private int _broken;
    private int _foreign;
    private int _flowLogs;

    public void Add(BlobReadResult result, string path, bool hourIsClosed)
    {
        _files++;
        _tuples += result.TuplesSeen;
        Count(_rejected, result.Rejected);
        Count(_records, result.RejectedRecords);
        _samples.AddRange(result.Samples.Take(MostSamples - _samples.Count));
        var isCut = result.Outcome == BlobOutcome.Incomplete;
        var isForeign = result.Failure == RejectionReason.NotJson && !FlowLogPath.IsName(path);
        _foreign += isForeign ? 1 : 0;
        _broken += result.Outcome == BlobOutcome.Failed || (isCut && hourIsClosed) ? 1 : 0;
        if (result.Outcome == BlobOutcome.Complete || (isCut && result.Records > 0))
            _flowLogs++;
        else if (result.Message is { } message)
            _found.Add(message);
    }

    /// <summary>A file that could not be read at all.</summary>
    public void AddUnreadable()
    {
        _files++;
        _broken++;
    }

    /// <summary>The exit code, after what there is to say.</summary>
    public int Tell(Invocation call, IReadOnlyList<string> sources, double tolerated)
    {
        RefusedText.Tell(_tuples, _rejected, _records, _samples, call.Note);
        return _flowLogs == 0 && _broken == _foreign
            ? AllowEmpty.Tell(call, sources, _files, _found)
            : RejectTolerance.ExitCodeFor(_tuples, _rejected.Values.Sum(), _broken, tolerated);
    }

    private static void Count(Dictionary<string, long> to, IReadOnlyDictionary<RejectionReason, long> from)
    {
        foreach (var (reason, count) in from)
            to[reason.ToString()] = to.GetValueOrDefault(reason.ToString()) + count;
    }
}
