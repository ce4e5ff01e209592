namespace FlowLogAnalyzer.Parsing;

/// <summary>Whole numbers of tuples, from UTF-8 text: digits only, no sign, no grouping.</summary>
internal static class NumberText
{
    /// <summary>0 to 2^63 - 1.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.IsEmpty)
            return false;

        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit > 9 || value > (long.MaxValue - digit) / 10)
                return false;
            value = (value * 10) + digit;
        }

        return true;
    }

    /// <summary>
    /// Scientific or decimal notation that stands for a whole number (a round trip through a spreadsheet writes
    /// <c>1.2E+5</c>). Exact: nothing is rounded.
    /// </summary>
    public static bool TryParseNotation(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (!TrySplitExponent(text, out var mantissa, out var exponent))
            return false;

        var point = mantissa.IndexOf((byte)'.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? [] : mantissa[(point + 1)..].TrimEnd((byte)'0');
        if (whole.Length + fraction.Length is 0 or > 40)
            return false;

        Span<byte> digits = stackalloc byte[40];
        whole.CopyTo(digits);
        fraction.CopyTo(digits[whole.Length..]);
        return TryScale(digits[..(whole.Length + fraction.Length)], exponent - fraction.Length, out value);
    }

    private static bool TrySplitExponent(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> mantissa, out int exponent)
    {
        exponent = 0;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        mantissa = e < 0 ? text : text[..e];
        if (e < 0)
            return mantissa.Contains((byte)'.');

        var rest = text[(e + 1)..];
        var negative = !rest.IsEmpty && rest[0] == '-';
        if (!rest.IsEmpty && (rest[0] is (byte)'-' or (byte)'+'))
            rest = rest[1..];
        if (rest.Length > 3 || !TryParse(rest, out var magnitude))
            return false;
        exponent = negative ? -(int)magnitude : (int)magnitude;
        return true;
    }

    private static bool TryScale(ReadOnlySpan<byte> digits, int exponent, out long value)
    {
        while (exponent < 0 && digits.Length > 0 && digits[^1] == '0')
        {
            digits = digits[..^1];
            exponent++;
        }

        if (digits.IsEmpty)
        {
            value = 0;
            return true;
        }

        if (!TryParse(digits, out value) || (exponent < 0 && value != 0))
            return false;

        for (; exponent > 0 && value != 0; exponent--)
        {
            if (value > long.MaxValue / 10)
                return false;
            value *= 10;
        }

        return true;
    }
}
