using CsCheck;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Tests.Lake.FileEncoding;

/// <summary>What kind of rows to make; the rows follow from it alone.</summary>
public sealed record RowsShape(int Rows, int Batches, int Variety, int NullPercent, bool Milliseconds, bool Shuffled, int PageRows, int RowGroupRows)
{
    /// <summary>Sizes round the borders of bit-packing (8), delta blocks (128 and one), pages and row groups.</summary>
    public static Gen<RowsShape> Gen { get; } =
        from border in CsCheck.Gen.OneOf(1, 2, 7, 8, 9, 32, 63, 64, 65, 128, 129, 130, 256, 257, 1000, 2500)
        from extra in CsCheck.Gen.Int[0, 3]
        from batches in CsCheck.Gen.Int[1, 5]
        from variety in CsCheck.Gen.OneOf(1, 2, 5, 40, 3000, 100_000)
        from nulls in CsCheck.Gen.OneOf(0, 1, 40, 99, 100)
        from ms in CsCheck.Gen.Bool
        from shuffled in CsCheck.Gen.Bool
        from page in CsCheck.Gen.OneOf(1, 8, 100, 128, 1024, 65536)
        from groupRows in CsCheck.Gen.OneOf(64, 500, 1 << 20)
        select new RowsShape(border + extra, batches, variety, nulls, ms, shuffled, border > 300 ? Math.Max(page, 100) : page, groupRows);

    public FileEncoderOptions Options(FileCompression compression) => new()
    {
        Compression = compression,
        PageRows = PageRows,
        RowGroupRows = RowGroupRows,
        MaxDictionaryBytes = Variety == 3000 ? 2000 : 16 << 20,
    };
}

/// <summary>Batches of random rows and a selection over them.</summary>
public sealed class RandomRows
{
    private static readonly string[] Rules =
        ["UserRule_allow-http", "DefaultRule_DenyAllInBound", "", "UserRule_gesperrt-für-Straße-東京-🚫", "UserRule_\ta b", "\uFFFD", "\U0001F6AB", "ZZZ", "zzz"];

    private static readonly long[] Extremes = [0, 1, long.MaxValue, long.MaxValue - 1, 1L << 32, int.MaxValue, 1L << 53, 127, 128];

    private readonly RowsShape _shape;
    private readonly Random _random;

    public RandomRows(RowsShape shape, int seed)
    {
        (_shape, _random) = (shape, new Random(seed));
        for (var i = 0; i < shape.Batches; i++)
            Batches.Add(NewBatch(i));
        var rows = Enumerable.Range(0, Batches.Count).SelectMany(b => Enumerable.Range(0, Batches[b].Count).Select(r => new RowRef(b, r))).ToArray();
        if (shape.Shuffled)
            _random.Shuffle(rows);
        Rows = rows;
    }

    public List<TupleBatch> Batches { get; } = [];

    public RowRef[] Rows { get; }

    private TupleBatch NewBatch(int index)
    {
        var batch = new TupleBatch(new BlobIdentity($"resourceId=/NSG-{index}/é/PT1H.json")
        {
            Hour = Null() ? null : new BlobHour(new DateTime(2026, 11, 23, 9, 0, 0, DateTimeKind.Utc)),
            Mac = Null() ? null : "000D3AF87856",
        });
        var rows = (_shape.Rows / _shape.Batches) + (index < _shape.Rows % _shape.Batches ? 1 : 0);
        for (var i = 0; i < rows; i++)
        {
            if (i == 0 || _random.Next(20) == 0)
                batch.BeginGroup(NewRecord(batch)).Flags = (QualityFlags)(_random.Next(4) << 14);
            if (i == 0 || _random.Next(4) == 0)
                FillGroup(batch.Groups[^1]);
            batch.Add(NewTuple(), _shape.Shuffled ? _random.Next(_shape.Variety) : i);
        }

        return batch;
    }

    private TupleRecord NewRecord(TupleBatch batch) => new()
    {
        Index = batch.Groups.Count,
        Format = _random.Next(2) == 0 ? LogFormat.NsgV2 : LogFormat.VnetV4,
        TimeMs = Null() ? null : Time(),
        Mac = Null() ? null : "002248" + _random.Next(_shape.Variety).ToString("X6"),
        SystemId = Text("system"),
        ResourceId = Text("/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/"),
        TargetId = Text(""),
        Flags = (QualityFlags)_random.Next(2),
    };

    private void FillGroup(TupleGroup group)
    {
        group.Rule = Null() ? null : Rules[_random.Next(Math.Min(_shape.Variety, Rules.Length))];
        group.AclId = Text("acl");
        group.Mac = Null() ? null : "00224812AB34";
    }

    private TupleValues NewTuple() => new()
    {
        TimeMs = Time(),
        Source = Address(),
        Destination = Address(),
        SourcePort = Null() ? -1 : _random.Next(Math.Min(_shape.Variety, 65536)),
        DestinationPort = Null() ? -1 : 65535 - _random.Next(Math.Min(_shape.Variety, 65536)),
        Protocol = Null() ? (short)-1 : (short)_random.Next(Math.Min(_shape.Variety, 256)),
        Direction = Null() ? Direction.Unknown : (Direction)_random.Next(1, 3),
        Decision = (Decision)_random.Next(3),
        State = Null() ? FlowState.None : (FlowState)_random.Next(1, 5),
        Encryption = Text("NX_"),
        PacketsSent = Counter(),
        BytesSent = Counter(),
        PacketsReceived = Counter(),
        BytesReceived = Counter(),
        Flags = (QualityFlags)(_random.Next(10) == 0 ? _random.Next(1 << 14) : 0),
        Other = _random.Next(10) == 0 ? Text("protocol=ü") : null,
    };

    private bool Null() => _random.Next(100) < _shape.NullPercent;

    private string? Text(string prefix) => Null() ? null : _random.Next(8) == 0 ? "" : prefix + _random.Next(_shape.Variety);

    private long Counter() => Null() ? -1 : _shape.Variety > 40 && _random.Next(4) == 0 ? Extremes[_random.Next(Extremes.Length)] : _random.Next(_shape.Variety);

    private long Time()
    {
        var start = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        if (_shape.Variety >= 3000 && _random.Next(50) == 0)
            return _random.Next(2) == 0 ? 0 : -62_135_596_800_000 + _random.Next(1000);
        return _shape.Milliseconds ? start + _random.Next(_shape.Variety) : start + (_random.Next(Math.Min(_shape.Variety, 3600)) * 1000L);
    }

    private IpAddressKey Address() => _random.Next(6) switch
    {
        0 => IpAddressKey.FromIPv6(new UInt128(0x2001_0DB8_0000_0000, (ulong)_random.Next(_shape.Variety))),
        1 => IpAddressKey.FromIPv6(((UInt128)0xFFFF << 32) | (uint)(0x0A000000 + _random.Next(_shape.Variety))),
        2 => IpAddressKey.FromIPv4((uint)_random.NextInt64(1L << 32)),
        _ => IpAddressKey.FromIPv4((uint)(0x0A000000 + _random.Next(_shape.Variety))),
    };
}
