using System.Collections.ObjectModel;
using System.Numerics;
using System.Text;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// Counts and samples of one read. What belongs to the record at hand is kept apart until it closes, since a record that
/// is cut off counts for nothing, and a rejected one takes all its tuples under one reason.
/// </summary>
internal sealed class ReadTally(BlobReadRequest request)
{
    private const int SampleCharacters = 200;
    private const int Reasons = (int)RejectionReason.Expansion + 1;

    private readonly long[] _tuples = new long[Reasons];
    private readonly long[] _ofRecord = new long[Reasons];
    private readonly long[] _records = new long[Reasons];
    private readonly long[] _flags = new long[32];
    private readonly List<Rejection> _samples = [];
    private int _samplesBefore;

    public int Records { get; private set; }

    public int RecordsRejected { get; private set; }

    /// <summary>Records that are no flow-log records at all.</summary>
    public int ForeignRecords { get; private set; }

    public long TuplesSeen { get; private set; }

    public long Rows { get; private set; }

    public IReadOnlyList<Rejection> Samples => _samples;

    public void BeginRecord()
    {
        Array.Clear(_ofRecord);
        _samplesBefore = _samples.Count;
    }

    public void AbandonRecord() => _samples.RemoveRange(_samplesBefore, _samples.Count - _samplesBefore);

    public void RejectTuples(RejectionReason reason, long count) => _ofRecord[(int)reason] += count;

    public void RejectTuple(RejectionReason reason, int record, int tuple, long offset, ReadOnlySpan<byte> text)
    {
        _ofRecord[(int)reason]++;
        if (_samples.Count < request.MaxRejectionSamples)
            _samples.Add(Describe(reason, record, tuple, offset, text));
    }

    public Rejection Describe(RejectionReason reason, int? record, int? tuple, long offset, ReadOnlySpan<byte> text) =>
        new(request.Blob.Key, record, tuple, offset, reason, Cut(text));

    public void AddSample(Rejection rejection)
    {
        if (_samples.Count < request.MaxRejectionSamples)
            _samples.Add(rejection);
    }

    public void AcceptRecord(long tuples, long rows)
    {
        Records++;
        TuplesSeen += tuples;
        Rows += rows;
        for (var i = 0; i < Reasons; i++)
            _tuples[i] += _ofRecord[i];
    }

    public void RejectRecord(RejectionReason reason, long tuples, Rejection sample)
    {
        AbandonRecord();
        Records++;
        RecordsRejected++;
        if (reason is RejectionReason.OtherCategory or RejectionReason.NotAFlowRecord)
            ForeignRecords++;
        TuplesSeen += tuples;
        _tuples[(int)reason] += tuples;
        _records[(int)reason]++;
        AddSample(sample);
    }

    public void CountFlags(QualityFlags flags)
    {
        for (var bits = (uint)flags; bits != 0; bits &= bits - 1)
            _flags[BitOperations.TrailingZeroCount(bits)]++;
    }

    public IReadOnlyDictionary<RejectionReason, long> RejectedTuples() => NonZero(_tuples, i => (RejectionReason)i);

    public IReadOnlyDictionary<RejectionReason, long> RejectedRecords() => NonZero(_records, i => (RejectionReason)i);

    public IReadOnlyDictionary<QualityFlags, long> Flags() => NonZero(_flags, i => (QualityFlags)(1 << i));

    /// <summary>Mostly there is nothing to tell, and every blob is asked.</summary>
    private static IReadOnlyDictionary<T, long> NonZero<T>(long[] counts, Func<int, T> key) where T : notnull => counts.AsSpan().ContainsAnyExcept(0)
        ? new SortedDictionary<T, long>(Enumerable.Range(0, counts.Length).Where(i => counts[i] != 0).ToDictionary(key, i => counts[i]))
        : ReadOnlyDictionary<T, long>.Empty;

    private static string Cut(ReadOnlySpan<byte> text)
    {
        var decoded = Encoding.UTF8.GetString(text[..Math.Min(text.Length, SampleCharacters * 4)]);
        return decoded.Length <= SampleCharacters ? decoded : decoded[..SampleCharacters];
    }
}
