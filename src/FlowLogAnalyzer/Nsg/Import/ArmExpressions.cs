using System.Text.Json;

namespace FlowLogAnalyzer.Nsg;

/// <summary>
/// Resolves the template expressions that have one plain answer: <c>parameters</c> and <c>variables</c> with plain values, and
/// <c>concat</c> and <c>format</c> of such (Azure docs, template-expressions). Anything else stays as it is.
/// </summary>
internal sealed class ArmExpressions
{
    private const int DepthLimit = 16;
    private readonly Dictionary<string, JsonElement> _parameters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, JsonElement> _variables = new(StringComparer.OrdinalIgnoreCase);
    private int _depth;

    /// <param name="template">Holds the default values.</param>
    /// <param name="arguments">What a nested deployment passes, if it is one.</param>
    /// <param name="outer">Resolves the arguments.</param>
    public static ArmExpressions Of(JsonElement template, JsonElement? arguments, ArmExpressions? outer = null)
    {
        var expressions = new ArmExpressions();
        if (template.Get("parameters") is { ValueKind: JsonValueKind.Object } parameters)
        {
            foreach (var parameter in parameters.EnumerateObject())
            {
                if (arguments?.Get(parameter.Name)?.Get("value") is { } value)
                    expressions._parameters[parameter.Name] = outer?.Resolve(value) ?? value;
                else if (parameter.Value.Get("defaultValue") is { } fallback)
                    expressions._parameters[parameter.Name] = fallback;
            }
        }

        if (template.Get("variables") is { ValueKind: JsonValueKind.Object } variables)
        {
            foreach (var variable in variables.EnumerateObject())
                expressions._variables[variable.Name] = variable.Value;
        }

        return expressions;
    }

    /// <summary>The value of an expression, or the element itself when it is no expression or has no plain value.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String || element.GetString() is not { } text || !text.StartsWith('[') || !text.EndsWith(']'))
            return element;
        if (text.StartsWith("[[", StringComparison.Ordinal))
            return Text(text[1..]);
        if (_depth >= DepthLimit)
            return element;

        _depth++;
        try
        {
            var reader = new ExpressionReader(text[1..^1]);
            return Evaluate(ref reader) is { } value && reader.AtEnd ? value : element;
        }
        finally
        {
            _depth--;
        }
    }

    private JsonElement? Evaluate(ref ExpressionReader reader)
    {
        if (reader.TryLiteral(out var literal))
            return Text(literal);
        if (reader.TryNumber(out var number))
            return Text(number);
        if (!reader.TryCall(out var function))
            return null;

        var arguments = new List<JsonElement>();
        while (!reader.TryClose())
        {
            if (Evaluate(ref reader) is not { } argument)
                return null;
            arguments.Add(argument);
            reader.SkipComma();
            if (reader.AtEnd)
                return null;
        }

        return Call(function, arguments);
    }

    private JsonElement? Call(string function, List<JsonElement> arguments)
    {
        var texts = arguments.Select(JsonNames.Text).ToList();
        if (texts.Count == 0 || texts.Contains(null))
            return null;

        return function.ToUpperInvariant() switch
        {
            "PARAMETERS" when texts.Count == 1 => Known(_parameters, texts[0]!),
            "VARIABLES" when texts.Count == 1 => Known(_variables, texts[0]!),
            "CONCAT" => Text(string.Concat(texts)),
            "FORMAT" => Text(Format(texts!)),
            _ => null,
        };
    }

    private JsonElement? Known(Dictionary<string, JsonElement> values, string name)
    {
        if (!values.TryGetValue(name, out var value))
            return null;

        var resolved = Resolve(value);
        var stillExpression = resolved.ValueKind == JsonValueKind.String && resolved.GetString()!.StartsWith('[');
        return stillExpression ? null : resolved;
    }

    private static string Format(List<string> texts)
    {
        var result = texts[0];
        for (var i = 1; i < texts.Count; i++)
            result = result.Replace($"{{{i - 1}}}", texts[i], StringComparison.Ordinal);
        return result;
    }

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);
}
