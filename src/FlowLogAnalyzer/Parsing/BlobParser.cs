using System.Text.Json;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

internal enum ParseStatus
{
    NeedData,

    /// <summary>A record closed and the batch is large enough.</summary>
    BatchReady,

    Failed,
}

/// <summary>
/// What is round the records: <c>{"records":[</c>, a root array, one object per line, a fragment that begins with a comma.
/// Takes its input in pieces; what it does not consume is presented again with more behind it.
/// </summary>
internal sealed partial class BlobParser
{
    private enum State
    {
        Start,
        First,

        /// <summary>Between the records of an array.</summary>
        InArray,

        /// <summary>Between records that stand in a row without an array round them: lines, or a fragment.</summary>
        InSequence,

        /// <summary>Behind the <c>]</c> of a fragment.</summary>
        SequenceClosed,
        InRecord,
        BeforeRecordsArray,
        InRootRest,
        End,
    }

    private readonly BlobReadRequest _request;
    private readonly RecordRows _rows;
    private readonly RecordDraft _draft;
    private readonly RecordWalker _walker;
    private readonly RecordHead _head = new();
    private State _state;
    private State _around;
    private JsonReaderState _root;
    private bool _rootIsObject;
    private bool _hasRecord;
    private int _commas;
    private long _recordOffset;
    private int _nextIndex;

    public BlobParser(BlobReadRequest request)
    {
        var pool = request.Texts ?? new Utf8StringPool();
        _request = request;
        Tally = new ReadTally(request);
        _rows = new RecordRows(request, Tally, pool);
        _draft = new RecordDraft(_rows, pool);
        _walker = new RecordWalker(_draft);
        _nextIndex = request.FirstRecordIndex;
    }

    public ReadTally Tally { get; }

    public BlobFailure? Failure { get; private set; }

    /// <summary>Byte behind everything consumed so far.</summary>
    public long Offset { get; private set; }

    public long ResumeOffset { get; private set; }

    public long SurplusCommas { get; private set; }

    public long TrailingBytes { get; private set; }

    /// <summary>The first category that is no flow log's.</summary>
    public string? ForeignCategory { get; private set; }

    /// <summary>True when nothing but white space or a byte order mark was seen.</summary>
    public bool IsEmpty => _state is State.Start or State.First;

    /// <summary>True when the input may end here.</summary>
    public bool IsAtEnd => _state is State.End or State.InSequence or State.SequenceClosed;

    public TupleBatch TakeBatch() => _rows.TakeBatch();

    public TupleBatch? TakeLast() => _rows.TakeLast();

    public ParseStatus Parse(ReadOnlySpan<byte> data, bool isEnd, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            var used = 0;
            var rest = data[consumed..];
            var status = _state switch
            {
                State.Start => SkipMark(rest, isEnd, out used),
                State.InRecord or State.InRootRest => WalkRecord(rest, out used),
                State.End => SkipTrailing(rest, out used),
                _ => Between(rest, out used),
            };
            consumed += used;
            Offset += used;
            if (status is { } final)
                return final;
        }
    }

    /// <summary>The end of the input was reached in the middle of a record: it counts for nothing.</summary>
    public void Abandon()
    {
        if (_state is not (State.InRecord or State.InRootRest))
            return;
        _rows.Revoke();
        Tally.AbandonRecord();
    }

    /// <summary>A single text fills the whole buffer.</summary>
    public ParseStatus StepOverLongText(ReadOnlySpan<byte> data, out int consumed)
    {
        if (_state is State.InRecord or State.InRootRest && _walker.TryStepOverLongText(data, out consumed))
        {
            Offset += consumed;
            return ParseStatus.NeedData;
        }

        consumed = 0;
        return Fail(RejectionReason.Syntax, $"a name or number is longer than {_request.MaxTextBytes} bytes", data);
    }

    private ParseStatus? BeginRecord(bool isOutermost)
    {
        _commas = 0;
        _recordOffset = Offset;
        _head.Clear();
        Tally.BeginRecord();
        _walker.Begin(_nextIndex, isOutermost);
        _state = State.InRecord;
        return null;
    }

    private void ResumeRoot()
    {
        Tally.BeginRecord();
        _walker.ResumeRoot(_root);
        _state = State.InRootRest;
    }

    private ParseStatus? WalkRecord(ReadOnlySpan<byte> data, out int consumed)
    {
        var status = _walker.Walk(data, Offset, out consumed);
        _head.Append(data[..consumed]);
        switch (status)
        {
            case WalkStatus.NeedData:
                return ParseStatus.NeedData;
            case WalkStatus.Failed:
                return Fail(_walker.Failure, _walker.FailureText, data[consumed..], _walker.FailureOffset);
            case WalkStatus.AtRecords when _state == State.InRootRest:
                return Fail(RejectionReason.DoubledRecords, "the key \"records\" is there twice", data[consumed..], Offset + consumed);
            case WalkStatus.AtRecords:
                _state = State.BeforeRecordsArray;
                return null;
        }

        if (_state == State.InRootRest || _walker.HasNullRecords)
        {
            Abandon();
            _state = State.End;
            return null;
        }

        return CloseRecord(Offset + consumed);
    }

    private ParseStatus? CloseRecord(long end)
    {
        var facts = _draft.Facts;
        var format = facts.Judge(_rows.HasTooMany, out var reason);

        // Whatever a record of another log holds is none of our tuples.
        var lost = reason is RejectionReason.OtherCategory or RejectionReason.NotAFlowRecord ? 0 : _walker.LostTuples;
        var tuples = _rows.TupleCount + lost;
        if (reason == default)
        {
            Tally.RejectTuples(RejectionReason.TuplesUnreachable, lost);
            var parsedAs = _rows.ParsedAsVersion;
            RecordCloser.Complete(facts, format, _request.Blob, _rows);
            var rows = _rows.Settle(parsedAs, format == LogFormat.VnetV4 ? 0 : facts.NsgVersion, facts.TimeMs ?? _request.Blob.Hour?.UnixMs);
            Tally.AcceptRecord(tuples, rows);
        }
        else
        {
            if (reason == RejectionReason.OtherCategory)
                ForeignCategory ??= facts.Category;
            _rows.Revoke();
            Tally.RejectRecord(reason, tuples, Tally.Describe(reason, _nextIndex, null, _recordOffset, _head.Bytes));
        }

        _nextIndex++;
        _hasRecord = true;
        ResumeOffset = end;
        _state = _around;
        return _rows.IsFull ? ParseStatus.BatchReady : null;
    }

    private ParseStatus? SkipTrailing(ReadOnlySpan<byte> data, out int consumed)
    {
        consumed = data.Length;
        if (TrailingBytes == 0)
        {
            var at = data.IndexOfAnyExcept(" \t\r\n"u8);
            if (at < 0)
                return ParseStatus.NeedData;
            if (_request.Strict)
                return Fail(RejectionReason.Syntax, "there are bytes behind the end of the records", data[at..], Offset + at);
            data = data[at..];
        }

        TrailingBytes += data.Length;
        return ParseStatus.NeedData;
    }

    private ParseStatus Fail(RejectionReason reason, string what, ReadOnlySpan<byte> near, long? offset = null)
    {
        var isInRecord = _state is State.InRecord or State.InRootRest;
        Abandon();
        Failure = new BlobFailure(reason, offset ?? Offset, what) { RefusesAll = _request.Strict };
        Tally.AddSample(Tally.Describe(reason, isInRecord ? _nextIndex : null, null, Failure.Offset, near));
        return ParseStatus.Failed;
    }
}
