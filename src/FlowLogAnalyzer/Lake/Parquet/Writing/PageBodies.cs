namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Builds the bodies of data pages: definition levels, then the values that are there.</summary>
internal sealed class PageBodies
{
    private readonly DefinitionLevels _levels = new();
    private readonly RleBitPackedEncoder _hybrid = new();
    private readonly DeltaBinaryPackedEncoder _delta = new();
    private int[] _presentCodes = [];
    private long[] _presentNumbers = [];

    public ByteBuffer Body { get; } = new(64 * 1024);

    /// <summary>Dictionary indices, row by row; returns the nulls.</summary>
    public int Indices(FileColumn column, ReadOnlySpan<int> codes)
    {
        var (max, nulls) = MinMax.OfCodes(codes);
        var present = BeginCodes(column, codes, nulls);
        RleBitPackedEncoder.WriteAll(Body, present, WriteWidth(max));
        return nulls;
    }

    /// <summary>Dictionary indices from runs: the rows are never looked at.</summary>
    public int Indices(FileColumn column, CodeRuns runs)
    {
        var (max, nulls, rows) = (-1, 0, 0);
        for (var i = 0; i < runs.Count; i++)
        {
            max = Math.Max(max, runs.Codes[i]);
            nulls += runs.Codes[i] < 0 ? runs.Lengths[i] : 0;
            rows += runs.Lengths[i];
        }

        Body.Clear();
        Check(column, nulls);
        if (column.Nullable)
            WriteLevels(runs, rows, nulls);
        _hybrid.Begin(Body, WriteWidth(max));
        for (var i = 0; i < runs.Count; i++)
        {
            if (runs.Codes[i] >= 0)
                _hybrid.Add(runs.Codes[i], runs.Lengths[i]);
        }

        _hybrid.Finish();
        return nulls;
    }

    /// <summary>Values in full, when a dictionary would not pay.</summary>
    public int Plain(FileColumn column, ReadOnlySpan<int> codes, TextValues values)
    {
        var nulls = MinMax.OfCodes(codes).Nulls;
        foreach (var code in BeginCodes(column, codes, nulls))
            Body.Write(values.Entry(code));
        return nulls;
    }

    /// <summary>Times in full: not every reader knows delta packing for them (Parquet.Net 6.1.0 does not).</summary>
    public int Plain(FileColumn column, ReadOnlySpan<int> codes, NumberValues values)
    {
        var nulls = MinMax.OfCodes(codes).Nulls;
        foreach (var code in BeginCodes(column, codes, nulls))
            Body.WriteInt64(values.Values[code]);
        return nulls;
    }

    /// <summary>A page without a single value.</summary>
    public int Nulls(FileColumn column, int rows)
    {
        Body.Clear();
        Check(column, rows);
        DefinitionLevels.WriteUniform(Body, rows, present: false);
        return rows;
    }

    public int Deltas(FileColumn column, ReadOnlySpan<int> codes, NumberValues values)
    {
        var nulls = MinMax.OfCodes(codes).Nulls;
        var present = BeginCodes(column, codes, nulls);
        Room(ref _presentNumbers, present.Length);
        for (var i = 0; i < present.Length; i++)
            _presentNumbers[i] = values.Values[present[i]];
        _delta.Write(Body, _presentNumbers.AsSpan(0, present.Length));
        return nulls;
    }

    /// <summary>Numbers; in a nullable column a negative one is a null. <paramref name="range"/> grows by the others.</summary>
    public int Deltas(FileColumn column, ReadOnlySpan<long> numbers, ref ValueRange? range)
    {
        Body.Clear();
        var present = numbers;
        if (column.Nullable)
        {
            present = Compact(numbers);
            WriteLevels(numbers, numbers.Length - present.Length);
        }

        range = ValueRange.Union(range, MinMax.Of(present));
        _delta.Write(Body, present);
        return numbers.Length - present.Length;
    }

    private ReadOnlySpan<int> BeginCodes(FileColumn column, ReadOnlySpan<int> codes, int nulls)
    {
        Body.Clear();
        Check(column, nulls);
        if (!column.Nullable)
            return codes;
        if (nulls == 0 || nulls == codes.Length)
        {
            DefinitionLevels.WriteUniform(Body, codes.Length, nulls == 0);
            return nulls == 0 ? codes : [];
        }

        _levels.Load(codes);
        _levels.Write(Body);
        return Compact(codes);
    }

    private static void Check(FileColumn column, int nulls)
    {
        if (nulls > 0 && !column.Nullable)
            throw new InvalidOperationException($"{nulls} rows have no {column.Name}, which the lake's schema says is always given.");
    }

    private int WriteWidth(int max)
    {
        var width = Math.Max(1, BitPacker.BitsFor((ulong)Math.Max(0, max)));
        Body.WriteByte((byte)width);
        return width;
    }

    private void WriteLevels(CodeRuns runs, int rows, int nulls)
    {
        if (nulls == 0 || nulls == rows)
        {
            DefinitionLevels.WriteUniform(Body, rows, nulls == 0);
            return;
        }

        var at = Body.Length;
        Body.WriteInt32(0);
        _hybrid.Begin(Body, 1);
        for (var i = 0; i < runs.Count; i++)
            _hybrid.Add(runs.Codes[i] < 0 ? 0 : 1, runs.Lengths[i]);
        _hybrid.Finish();
        Body.PatchInt32(at, Body.Length - at - 4);
    }

    private void WriteLevels(ReadOnlySpan<long> numbers, int nulls)
    {
        if (nulls == 0 || nulls == numbers.Length)
        {
            DefinitionLevels.WriteUniform(Body, numbers.Length, nulls == 0);
            return;
        }

        _levels.Load(numbers);
        _levels.Write(Body);
    }

    /// <summary>Without branches: whether a value is there cannot be predicted.</summary>
    private ReadOnlySpan<int> Compact(ReadOnlySpan<int> codes)
    {
        Room(ref _presentCodes, codes.Length);
        var target = _presentCodes;
        var count = 0;
        foreach (var code in codes)
        {
            target[count] = code;
            count += (int)((uint)~code >> 31);
        }

        return target.AsSpan(0, count);
    }

    private ReadOnlySpan<long> Compact(ReadOnlySpan<long> numbers)
    {
        Room(ref _presentNumbers, numbers.Length);
        var target = _presentNumbers;
        var count = 0;
        foreach (var number in numbers)
        {
            target[count] = number;
            count += (int)((ulong)~number >> 63);
        }

        return target.AsSpan(0, count);
    }

    private static void Room<T>(ref T[] array, int size)
    {
        if (array.Length < size)
            array = new T[size];
    }
}
