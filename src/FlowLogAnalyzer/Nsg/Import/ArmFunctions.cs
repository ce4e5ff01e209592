using System.Globalization;
using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>Template functions whose answer follows from their arguments alone (Azure docs, template-functions).</summary>
internal static class ArmFunctions
{
    private const int LongestRange = 1000;

    public static JsonElement Value<T>(T value) => JsonSerializer.SerializeToElement(value);

    /// <summary>Null for functions that are not known here, and for arguments that they do not take.</summary>
    public static JsonElement? Call(string name, IReadOnlyList<JsonElement> arguments) => name switch
    {
        "LENGTH" => arguments is [{ ValueKind: JsonValueKind.Array } list] ? Value(list.GetArrayLength()) : Texts(arguments) is [var text] ? Value(text.Length) : null,
        "CREATEARRAY" => Value(arguments),
        "FIRST" => arguments is [{ ValueKind: JsonValueKind.Array } list] && list.GetArrayLength() > 0 ? list[0] : null,
        "ADD" or "SUB" or "MUL" or "RANGE" => Numbers(arguments) is [var left, var right] ? Calculate(name, left, right) : null,
        "INT" => Numbers(arguments) is [var number] ? Value(number) : null,
        _ => Texts(arguments) is { Count: > 0 } texts ? OfTexts(name, texts) : null,
    };

    private static JsonElement? Calculate(string name, long left, long right) => name switch
    {
        "ADD" => Value(left + right),
        "SUB" => Value(left - right),
        "MUL" => Value(left * right),
        _ => right is >= 0 and <= LongestRange ? Value(Enumerable.Range(0, (int)right).Select(i => left + i)) : null,
    };

    private static JsonElement? OfTexts(string name, List<string> texts) => name switch
    {
        "CONCAT" => Value(string.Concat(texts)),
        "FORMAT" => Value(Format(texts)),
        "STRING" when texts.Count == 1 => Value(texts[0]),
        "TOLOWER" when texts.Count == 1 => Value(texts[0].ToLowerInvariant()),
        "TOUPPER" when texts.Count == 1 => Value(texts[0].ToUpperInvariant()),
        "SPLIT" when texts.Count == 2 => Value(texts[0].Split(texts[1])),
        _ => null,
    };

    private static string Format(List<string> texts)
    {
        var result = texts[0];
        for (var i = 1; i < texts.Count; i++)
            result = result.Replace($"{{{i - 1}}}", texts[i], StringComparison.Ordinal);
        return result;
    }

    /// <summary>Null when one of them is an object or an array.</summary>
    private static List<string>? Texts(IEnumerable<JsonElement> arguments)
    {
        var texts = arguments.Select(JsonNames.Text).OfType<string>().ToList();
        return texts.Count == arguments.Count() ? texts : null;
    }

    /// <summary>Null when one of them is no whole number.</summary>
    private static List<long>? Numbers(IEnumerable<JsonElement> arguments)
    {
        var numbers = new List<long>();
        foreach (var argument in arguments)
        {
            if (!long.TryParse(JsonNames.Text(argument), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return null;
            numbers.Add(number);
        }

        return numbers;
    }
}
