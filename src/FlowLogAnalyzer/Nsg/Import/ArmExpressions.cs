using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>
/// Resolves the template expressions that have one plain answer: <c>parameters</c> and <c>variables</c> with plain values,
/// <c>copyIndex</c> of a loop that is being expanded, members and items of such, and <see cref="ArmFunctions"/> of them
/// (Azure docs, template-expressions). Anything else stays as it is.
/// </summary>
internal sealed class ArmExpressions
{
    private const int DepthLimit = 16;
    private readonly Dictionary<string, JsonElement> _parameters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, JsonElement> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _loops = new(StringComparer.OrdinalIgnoreCase);
    private string? _innermost;
    private int _depth;

    /// <param name="template">Holds the default values.</param>
    /// <param name="arguments">What a parameter file or an outer deployment passes, if anything.</param>
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

    /// <summary>The same inside of one turn of a copy loop.</summary>
    public ArmExpressions InLoop(string name, int index)
    {
        var inside = new ArmExpressions { _innermost = name };
        foreach (var (parameter, value) in _parameters)
            inside._parameters[parameter] = value;
        foreach (var (variable, value) in _variables)
            inside._variables[variable] = value;
        foreach (var (loop, turn) in _loops)
            inside._loops[loop] = turn;
        inside._loops[name] = index;
        return inside;
    }

    /// <summary>The value of an expression, or the element itself when it is no expression or has no plain value.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String || element.GetString() is not { } text || !text.StartsWith('[') || !text.EndsWith(']'))
            return element;
        if (text.StartsWith("[[", StringComparison.Ordinal))
            return ArmFunctions.Value(text[1..]);
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

    /// <summary>True for what <see cref="Resolve"/> left as it was.</summary>
    public static bool IsExpression(JsonElement element) => element.ValueKind == JsonValueKind.String && element.GetString()!.StartsWith('[');

    private JsonElement? Evaluate(ref ExpressionReader reader)
    {
        var value = Operand(ref reader);
        while (value is { } whole)
        {
            if (reader.TryMember(out var member))
                value = whole.Get(member) is { } found ? Plain(found) : null;
            else if (reader.TryOpenIndex())
                value = Evaluate(ref reader) is { } index && reader.TryCloseIndex() ? Item(whole, index) : null;
            else
                break;
        }

        return value;
    }

    private JsonElement? Operand(ref ExpressionReader reader)
    {
        if (reader.TryLiteral(out var literal))
            return ArmFunctions.Value(literal);
        if (reader.TryNumber(out var number))
            return ArmFunctions.Value(number);
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

    private JsonElement? Call(string function, List<JsonElement> arguments) => function.ToUpperInvariant() switch
    {
        "PARAMETERS" when arguments.Count == 1 => Known(_parameters, JsonNames.Text(arguments[0])),
        "VARIABLES" when arguments.Count == 1 => Known(_variables, JsonNames.Text(arguments[0])),
        "COPYINDEX" => CopyIndex(arguments),
        var name => ArmFunctions.Call(name, arguments),
    };

    /// <summary>copyIndex(), copyIndex(offset), copyIndex('loop') or copyIndex('loop', offset).</summary>
    private JsonElement? CopyIndex(List<JsonElement> arguments)
    {
        var loop = arguments.Count > 0 && arguments[0].ValueKind == JsonValueKind.String ? arguments[0].GetString() : _innermost;
        var offset = arguments.Count > 0 && arguments[^1].ValueKind == JsonValueKind.Number ? arguments[^1].GetInt32() : 0;
        return loop is not null && _loops.TryGetValue(loop, out var index) ? ArmFunctions.Value(index + offset) : null;
    }

    private JsonElement? Item(JsonElement whole, JsonElement index)
    {
        if (whole.ValueKind == JsonValueKind.Object)
            return JsonNames.Text(index) is { } name && whole.Get(name) is { } member ? Plain(member) : null;
        return whole.ValueKind == JsonValueKind.Array && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var at) && at >= 0 && at < whole.GetArrayLength() ? Plain(whole[at]) : null;
    }

    private JsonElement? Known(Dictionary<string, JsonElement> values, string? name) => name is not null && values.TryGetValue(name, out var value) ? Plain(value) : null;

    private JsonElement? Plain(JsonElement value) => Resolve(value) is var resolved && IsExpression(resolved) ? null : resolved;
}
