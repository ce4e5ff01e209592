using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>A type as the server spells it, and how its values are read from JSON in the types of <see cref="QueryRows"/>.</summary>
internal sealed class ClickHouseType
{
    private const string TimeForm = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    /// <summary>A server knows times to the nanosecond, .NET to the hundred of them.</summary>
    private const int MostOfTime = 27;

    private readonly ReadCell _read;

    private ClickHouseType(Type clrType, ReadCell read)
    {
        ClrType = clrType;
        _read = read;
    }

    private delegate object? ReadCell(ref Utf8JsonReader json);

    public Type ClrType { get; }

    /// <summary>The value that the reader stands on.</summary>
    public object? Read(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null ? null : _read(ref json);

    /// <param name="text">Such as <c>Array(Nullable(DateTime64(6, 'UTC')))</c>.</param>
    public static ClickHouseType Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = open < 0 ? text : text[..open];
        List<string> arguments = open < 0 ? [] : Arguments(text[(open + 1)..^1]);
        return name switch
        {
            "Nullable" or "LowCardinality" => Parse(arguments[0]),
            "Variant" when arguments.Count == 1 => Parse(arguments[0]), // a list that may be null
            "SimpleAggregateFunction" => Parse(arguments[^1]),
            "Array" => List(Parse(arguments[0])),
            "Bool" => new(typeof(bool), (ref Utf8JsonReader json) => json.GetBoolean()),
            "Date" or "Date32" => new(typeof(DateOnly), (ref Utf8JsonReader json) => DateOnly.ParseExact(json.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture)),
            "DateTime" or "DateTime64" => new(typeof(DateTime), (ref Utf8JsonReader json) => Time(json.GetString()!)),
            _ when name.StartsWith("Int", StringComparison.Ordinal) && !name.StartsWith("Interval", StringComparison.Ordinal) => Whole,
            _ when name.StartsWith("UInt", StringComparison.Ordinal) => Whole,
            _ when name.StartsWith("Float", StringComparison.Ordinal) || name.StartsWith("Decimal", StringComparison.Ordinal) => Number,
            _ => Words,
        };
    }

    private static ClickHouseType Whole { get; } = new(typeof(long), (ref Utf8JsonReader json) => json.TryGetInt64(out var number)
        ? number
        : throw new OverflowException($"The number {Encoding.UTF8.GetString(json.ValueSpan)} does not fit into 64 bits with a sign."));

    private static ClickHouseType Number { get; } = new(typeof(double), (ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Number ? json.GetDouble() : Denormal(json.GetString()!));

    private static ClickHouseType Words { get; } = new(typeof(string), (ref Utf8JsonReader json) =>
    {
        if (json.TokenType == JsonTokenType.String)
            return json.GetString();
        using var value = JsonDocument.ParseValue(ref json);
        return value.RootElement.GetRawText();
    });

    private static ClickHouseType List(ClickHouseType item) => new(typeof(IReadOnlyList<object?>), (ref Utf8JsonReader json) =>
    {
        var items = new List<object?>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            items.Add(item.Read(ref json));
        return items;
    });

    private static DateTime Time(string text) =>
        DateTime.ParseExact(text[..Math.Min(text.Length, MostOfTime)], TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static double Denormal(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.NaN,
    };

    /// <summary>What stands between the commas that are in no other parentheses.</summary>
    private static List<string> Arguments(string text)
    {
        var (arguments, depth, argument) = (new List<string>(), 0, new StringBuilder());
        foreach (var token in SqlTokens.Of(text + ","))
        {
            depth += token.IsSymbol('(') ? 1 : token.IsSymbol(')') ? -1 : 0;
            if (depth > 0 || !token.IsSymbol(','))
            {
                argument.Append(token.Text);
                continue;
            }

            arguments.Add(argument.ToString().Trim());
            argument.Clear();
        }

        return arguments;
    }
}
