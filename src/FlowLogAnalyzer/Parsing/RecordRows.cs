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
    private TupleValues _values;

    public TupleBatch Batch { get; private set; } = new(request.Blob);

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
    /// True when the batch is large enough to be handed over. Its addresses count too: those of rows that were taken back
    /// stay in its table.
    /// </summary>
    public bool IsFull => Batch.Count >= request.BatchRows || Batch.Addresses.Count > (2L * request.BatchRows) + 65536;

    public TupleBatch TakeBatch()
    {
        // The next one will be as large: growing step by step would touch twice the memory.
        var full = Batch;
        Batch = new TupleBatch(request.Blob, full.Count + (full.Count / 16));
        return full;
    }

    public void BeginRecord(int index)
    {
        Record = new TupleRecord { Index = index };
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
        if (_group is null)
        {
            _group = Batch.BeginGroup(Record);
            _groups.Add(_group);
        }
        else if (_isVnet)
        {
            MarkRecreated();
        }

        Batch.Add(_values, tuple);
    }

    /// <summary>
    /// A flow that ends and begins anew in one millisecond comes as two neighbouring rows. NSG logs know seconds only,
    /// where this is normal.
    /// </summary>
    private void MarkRecreated()
    {
        var last = Batch.Count - 1;
        if (last < _firstRow || Batch.TimeMs[last] != _values.TimeMs || !IsRestart(Batch.State[last], _values.State))
            return;
        if (Batch.SourcePort[last] != _values.SourcePort || Batch.DestinationPort[last] != _values.DestinationPort
            || Batch.Protocol[last] != _values.Protocol || Batch.Direction[last] != _values.Direction
            || Batch.Addresses.Key(Batch.Source[last]) != _values.Source || Batch.Addresses.Key(Batch.Destination[last]) != _values.Destination)
            return;

        Batch.Flags[last] |= QualityFlags.Recreated;
        _values.Flags |= QualityFlags.Recreated;
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
