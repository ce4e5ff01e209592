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

    private readonly RareCounts _tuples = new(Reasons);
    private readonly RareCounts _ofRecord = new(Reasons);
    private readonly RareCounts _records = new(Reasons);
    private readonly RareCounts _flags = new(32);
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
        _ofRecord.Clear();
        _samplesBefore = _samples.Count;
    }

    public void AbandonRecord() => _samples.RemoveRange(_samplesBefore, _samples.Count - _samplesBefore);

    public void RejectTuples(RejectionReason reason, long count) => _ofRecord.Add((int)reason, count);

    public void RejectTuple(RejectionReason reason, int record, int tuple, long offset, ReadOnlySpan<byte> text)
    {
        _ofRecord.Add((int)reason, 1);
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
        _tuples.Add(_ofRecord);
    }

    public void RejectRecord(RejectionReason reason, long tuples, Rejection sample)
    {
        AbandonRecord();
        Records++;
        RecordsRejected++;
        if (reason is RejectionReason.OtherCategory or RejectionReason.NotAFlowRecord)
            ForeignRecords++;
        TuplesSeen += tuples;
        _tuples.Add((int)reason, tuples);
        _records.Add((int)reason, 1);
        AddSample(sample);
    }

    public void CountFlags(QualityFlags flags)
    {
        for (var bits = (uint)flags; bits != 0; bits &= bits - 1)
            _flags.Add(BitOperations.TrailingZeroCount(bits), 1);
    }

    public IReadOnlyDictionary<RejectionReason, long> RejectedTuples() => _tuples.NonZero(i => (RejectionReason)i);

    public IReadOnlyDictionary<RejectionReason, long> RejectedRecords() => _records.NonZero(i => (RejectionReason)i);

    public IReadOnlyDictionary<QualityFlags, long> Flags() => _flags.NonZero(i => (QualityFlags)(1 << i));

    private static string Cut(ReadOnlySpan<byte> text)
    {
        var decoded = Encoding.UTF8.GetString(text[..Math.Min(text.Length, SampleCharacters * 4)]);
        return decoded.Length <= SampleCharacters ? decoded : decoded[..SampleCharacters];
    }
}
