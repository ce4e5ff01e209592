namespace FlowLogAnalyzer.Parsing;

internal enum ArrayStep
{
    NeedData,

    /// <summary>The array began.</summary>
    Opened,

    /// <summary>Behind its <c>]</c>.</summary>
    Closed,

    /// <summary>Something is not plain (escapes, other types, damage): the JSON reader goes on from where the walk stands.</summary>
    ToReader,
}

/// <summary>
/// The inside of a <c>flowTuples</c> array, where nearly all bytes of a log are, without the JSON reader: texts with commas
/// between them. What is behind the bytes consumed is given again, with more behind it.
/// </summary>
internal sealed class TupleArrayWalk(RecordRows rows)
{
    /// <summary>True when at least one element was consumed.</summary>
    public bool HasElements { get; private set; }

    /// <summary>Looks for the <c>[</c> behind the array's name.</summary>
    public ArrayStep Open(ReadOnlySpan<byte> data, out int consumed)
    {
        consumed = data.IndexOfAnyExcept(" \t\r\n"u8);
        if (consumed < 0)
        {
            consumed = data.Length;
            return ArrayStep.NeedData;
        }

        if (data[consumed] != '[')
            return ArrayStep.ToReader;
        consumed++;
        HasElements = false;
        return ArrayStep.Opened;
    }

    /// <param name="data">From where the walk stands on.</param>
    /// <param name="offset">Of the first byte of <paramref name="data"/> in the blob.</param>
    /// <param name="consumed">How far it came.</param>
    public ArrayStep Walk(ReadOnlySpan<byte> data, long offset, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            consumed += rows.ScanPlain(data[consumed..], HasElements);
            HasElements |= consumed > 0;
            if (Between(data, consumed, out var at) is { } step)
            {
                consumed = step == ArrayStep.Closed ? at : consumed;
                return step;
            }

            var text = data[(at + 1)..];
            var length = text.IndexOfAny((byte)'"', (byte)'\\');
            if (length < 0)
                return ArrayStep.NeedData;
            if (text[length] != '"' || !TryAdd(text[..length], offset + at))
                return ArrayStep.ToReader;
            consumed = at + length + 2;
            HasElements = true;
        }
    }

    /// <summary>On the way to the next text: white space, a comma unless this is the first element, white space, a quote.</summary>
    private ArrayStep? Between(ReadOnlySpan<byte> data, int start, out int at)
    {
        at = start;
        var needsComma = HasElements;
        while (at < data.Length && (data[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' || (data[at] == ',' && needsComma)))
            needsComma &= data[at++] != ',';
        if (at == data.Length)
            return ArrayStep.NeedData;
        if (data[at] == ']' && needsComma == HasElements)
        {
            at++;
            return ArrayStep.Closed;
        }

        return data[at] != '"' || needsComma ? ArrayStep.ToReader : null;
    }

    /// <summary>False for a raw control character: a syntax error, which the reader reports.</summary>
    private bool TryAdd(ReadOnlySpan<byte> text, long offset)
    {
        if (rows.TryAddPlain(text))
            return true;
        if (text.IndexOfAnyInRange((byte)0, (byte)31) >= 0)
            return false;
        rows.AddOdd(text, offset);
        return true;
    }
}
