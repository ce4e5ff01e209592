using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// Puts the tuples of the record at hand into the batch as they come, before the record is known to be usable, and takes
/// them back when it is not.
/// </summary>
internal sealed class RecordRows(BlobReadRequest request, ReadTally tally, Utf8StringPool pool)
{
    private readonly TupleParser _parser = new(pool);
    private readonly List<TupleGroup> _groups = [];
    /// <summary>Row -1: rejected in any case, the version only decides why.</summary>
    private readonly List<(int Row, Rejection Rejection)> _version1Only = [];
    private TupleGroup? _group;
    private bool _isVnet;
    private int _firstRow;
    private int _firstGroup;
    private readonly TupleScanner _scanner = new();
    private TupleBatch? _batch;
    private long _handedOver;
    private TupleValues _values;

    public TupleBatch Batch => _batch ??= Begin();

    public TupleRecord Record { get; private set; } = new() { Index = 0 };

    /// <summary>Groups of this record that have rows, or had some.</summary>
    public IReadOnlyList<TupleGroup> Groups => _groups;

    public int RowCount => Batch.Count;

    public int TupleCount { get; private set; }

    public bool HasTooMany { get; private set; }

    /// <summary>Version of the NSG record as far as known, 0 before.</summary>
    public int NsgVersion { get; set; }

    /// <summary>The version that the tuples of the record were parsed as.</summary>
    public int ParsedAsVersion { get; private set; }

    /// <summary>
    /// True when the batch is large enough to be handed over. Its tables count too: what rows had that were taken back stays
    /// in them.
    /// </summary>
    public bool IsFull => Batch.Count >= request.BatchRows || Math.Max(Batch.Addresses.Numbered, Batch.Texts.Count) > (2L * request.BatchRows) + 65536;

    public TupleBatch TakeBatch()
    {
        var full = Batch;
        _handedOver += full.Count;
        _batch = null;
        return full;
    }

    /// <summary>Nothing more comes: gives the rows that there are, or gives the empty batch back.</summary>
    public TupleBatch? TakeLast()
    {
        var last = _batch;
        _batch = null;
        if (last is { Count: 0 })
            request.Pool?.Return(last);
        return last is { Count: > 0 } ? last : null;
    }

    public void BeginRecord(int index)
    {
        Record = Batch.NewRecord(index);
        _groups.Clear();
        _version1Only.Clear();
        _group = null;
        _firstRow = Batch.Count;
        _firstGroup = Batch.Groups.Count;
        TupleCount = 0;
        HasTooMany = false;
        NsgVersion = 0;
        ParsedAsVersion = 0;
    }

    public void BeginGroup(bool isVnet)
    {
        _group = null;
        _isVnet = isVnet;
        ParsedAsVersion = NsgVersion;
    }

    public void Add(ReadOnlySpan<byte> text, long offset)
    {
        if (!TryAddPlain(text))
            AddOdd(text, offset);
    }

    /// <summary>
    /// Adds plain tuples as long as they follow each other in <paramref name="data"/>; returns the bytes taken.
    /// <paramref name="follows"/>: a tuple came before, so that a comma comes first.
    /// </summary>
    public int ScanPlain(ReadOnlySpan<byte> data, bool follows)
    {
        var batch = Batch;
        var left = request.MaxRecordRows - (batch.Count - _firstRow);
        if (!TupleScanner.IsSupported || left <= 0)
            return 0;
        batch.EnsureRoom(1);
        var before = batch.Count;
        var flags = !_isVnet && NsgVersion == 1 ? QualityFlags.FieldCount : QualityFlags.None;
        var group = _group is null ? batch.Groups.Count : batch.Groups.Count - 1;
        var bytes = _scanner.Scan(data, follows, _isVnet, batch, new ScanContext(group, TupleCount, flags, left));
        var isFirst = _group is null;
        if (isFirst && batch.Count > before)
            BeginRows();
        TupleCount += batch.Count - before;
        for (var row = isFirst ? before + 1 : before; _isVnet && row < batch.Count; row++)
            MarkRecreated(batch, row);
        return bytes;
    }

    /// <summary>Adds a tuple in the plain form; false leaves everything as it was.</summary>
    public bool TryAddPlain(ReadOnlySpan<byte> text)
    {
        if (Batch.Count - _firstRow >= request.MaxRecordRows || !TryParsePlain(text))
            return false;
        Store(TupleCount++);
        return true;
    }

    /// <summary>Adds or rejects a tuple that is not in the plain form.</summary>
    public void AddOdd(ReadOnlySpan<byte> text, long offset)
    {
        var tuple = TupleCount++;
        if (Batch.Count - _firstRow >= request.MaxRecordRows)
        {
            HasTooMany = true;
        }
        else if (!_parser.TryParse(text, _isVnet, NsgVersion, ref _values, out var reason, out var needsVersion1))
        {
            if (needsVersion1)
                _version1Only.Add((-1, tally.Describe(reason, Record.Index, tuple, offset, text)));
            else
                tally.RejectTuple(reason, Record.Index, tuple, offset, text);
        }
        else
        {
            if (needsVersion1)
                _version1Only.Add((Batch.Count, tally.Describe(default, Record.Index, tuple, offset, text)));
            Store(tuple);
        }
    }

    public void Reject(RejectionReason reason, long offset, ReadOnlySpan<byte> text) =>
        tally.RejectTuple(reason, Record.Index, TupleCount++, offset, text);

    /// <summary>A doubled key: what its first value gave is put aside.</summary>
    public void Supersede(int firstRow)
    {
        tally.RejectTuples(RejectionReason.SupersededByDoubledKey, Batch.Count - firstRow);
        Batch.Truncate(firstRow);
        _version1Only.RemoveAll(v => v.Row >= firstRow);
        _group = null;
    }

    /// <summary>Takes back all rows of the record.</summary>
    public void Revoke() => Batch.Truncate(_firstRow, _firstGroup);

    /// <summary>Completes the rows once the version and the time of the record are known; returns how many there are.</summary>
    public int Settle(int parsedAsVersion, int version, long? aroundMs)
    {
        SettleVersion1Only(version);

        // The flag was set against the version assumed then; there are only two, so another one turns it over.
        var turn = version != 0 && version != (parsedAsVersion == 1 ? 1 : 2) ? QualityFlags.FieldCount : QualityFlags.None;
        var around = aroundMs ?? 0;
        const long Day = 86_400_000;
        if (turn == QualityFlags.None && IsPlain(aroundMs is null ? 1 : Math.Max(1, around - Day), aroundMs is null ? long.MaxValue : around + Day))
            return Batch.Count - _firstRow;
        for (var row = _firstRow; row < Batch.Count; row++)
        {
            var time = Batch.TimeMs[row];
            var flags = Batch.Flags[row] ^ turn;
            if (time <= 0 || (aroundMs is not null && (ulong)(time - around + Day) > 2 * Day))
                flags |= QualityFlags.TimeRange;
            Batch.Flags[row] = flags;
            flags |= Record.Flags | Batch.Groups[Batch.Group[row]].Flags;
            if (flags != QualityFlags.None)
                tally.CountFlags(flags);
        }

        return Batch.Count - _firstRow;
    }

    /// <summary>True when nothing is flagged in the record and all its times lie between the two (both included).</summary>
    private bool IsPlain(long first, long last)
    {
        var count = Batch.Count - _firstRow;
        if (Record.Flags != QualityFlags.None || _groups.Exists(g => g.Flags != QualityFlags.None)
            || MemoryMarshal.Cast<QualityFlags, int>(Batch.Flags.AsSpan(_firstRow, count)).ContainsAnyExcept(0))
            return false;
        return !Batch.TimeMs.AsSpan(_firstRow, count).ContainsAnyExceptInRange(first, last);
    }

    private bool TryParsePlain(ReadOnlySpan<byte> text)
    {
        _values.Flags = QualityFlags.None;
        _values.Other = null;
        if (_isVnet)
            return FastTuple.TryParseVnet(text, ref _values);

        _values.Encryption = null;
        if (!FastTuple.TryParseNsg(text, ref _values, out var isVersion1))
            return false;
        if (isVersion1 != (NsgVersion == 1))
            _values.Flags = QualityFlags.FieldCount;
        return true;
    }

    private void Store(int tuple)
    {
        var isFirst = _group is null;
        if (isFirst)
            BeginRows();
        Batch.Add(_values, tuple);
        if (!isFirst && _isVnet)
            MarkRecreated(Batch, Batch.Count - 1);
    }

    /// <summary>
    /// With room for the rows that are likely to come and the last record of a full batch; memory that no row comes to is
    /// never touched.
    /// </summary>
    private TupleBatch Begin()
    {
        var likely = (int)Math.Clamp(request.ExpectedRows - _handedOver, Math.Min(64, request.BatchRows), request.BatchRows);
        var rows = likely + (likely / 8);
        return request.Pool?.Rent(request.Blob, rows) ?? new TupleBatch(request.Blob, rows);
    }

    private void BeginRows()
    {
        _group = Batch.BeginGroup(Record);
        _groups.Add(_group);
    }

    /// <summary>
    /// A flow that ends and begins anew in one millisecond comes as two neighbouring rows. NSG logs know seconds only,
    /// where this is normal.
    /// </summary>
    private void MarkRecreated(TupleBatch batch, int row)
    {
        var last = row - 1;
        if (last < _firstRow || batch.TimeMs[last] != batch.TimeMs[row] || !IsRestart(batch.State[last], batch.State[row]))
            return;
        if (batch.SourcePort[last] != batch.SourcePort[row] || batch.DestinationPort[last] != batch.DestinationPort[row]
            || batch.Protocol[last] != batch.Protocol[row] || batch.Direction[last] != batch.Direction[row]
            || batch.Source[last] != batch.Source[row] || batch.Destination[last] != batch.Destination[row])
            return;

        batch.Flags[last] |= QualityFlags.Recreated;
        batch.Flags[row] |= QualityFlags.Recreated;
    }

    private static bool IsRestart(FlowState a, FlowState b) =>
        (a == FlowState.End && b == FlowState.Begin) || (a == FlowState.Begin && b == FlowState.End);

    /// <summary>Tuples that only a record of version 1 may hold, met before the version was known.</summary>
    private void SettleVersion1Only(int version)
    {
        if (_version1Only.Count == 0)
            return;
        if (version == 2)
            Batch.RemoveRows([.. _version1Only.Where(v => v.Row >= 0).Select(v => v.Row)]);
        foreach (var (row, rejection) in _version1Only)
        {
            if (version == 1 && row >= 0)
                continue;
            var reason = version == 2 ? RejectionReason.TooFewFields : rejection.Reason;
            tally.RejectTuples(reason, 1);
            tally.AddSample(rejection with { Reason = reason });
        }
    }
}
