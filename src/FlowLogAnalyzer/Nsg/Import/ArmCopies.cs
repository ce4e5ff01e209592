using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>
/// Writes out the copy loops of a template, of resources and of properties, as far as their counts are known (Azure docs,
/// copy-resources and copy-properties). What is resolved inside of a turn is replaced by its value, since it differs by turn.
/// </summary>
internal sealed class ArmCopies(ArmExpressions expressions)
{
    /// <summary>What Azure allows for a loop.</summary>
    private const int MostTurns = 800;

    /// <summary>The resources of a loop, or the resource itself when it is none.</summary>
    /// <param name="resource">A resource of the template.</param>
    /// <param name="unresolved">The count, when it is not known; then the resource is returned once, as it is.</param>
    public IEnumerable<JsonElement> Resources(JsonElement resource, out string? unresolved)
    {
        unresolved = null;
        if (resource.Get("copy") is not { ValueKind: JsonValueKind.Object } copy)
            return [resource];

        if (Turns(copy) is not { } turns)
        {
            unresolved = Count(copy);
            return [resource];
        }

        var name = copy.Text("name") ?? "";
        return [.. Enumerable.Range(0, turns).Select(i => Written(resource, expressions.InLoop(name, i), "copy"))];
    }

    /// <summary>The object with the loops of its properties written out.</summary>
    /// <param name="body">The properties of a resource.</param>
    /// <param name="unresolved">Names and counts of those whose count is not known.</param>
    public JsonElement Properties(JsonElement body, out IReadOnlyList<(string Name, string Count)> unresolved)
    {
        var missing = new List<(string, string)>();
        unresolved = missing;
        var loops = body.Items("copy").ToList();
        if (loops.Count == 0)
            return body;

        var whole = JsonSerializer.SerializeToNode(body)!.AsObject();
        foreach (var loop in loops)
        {
            var name = loop.Text("name") ?? "";
            if (Turns(loop) is not { } turns || loop.Get("input") is not { } input)
            {
                missing.Add((name, Count(loop)));
                continue;
            }

            whole[name] = new JsonArray([.. Enumerable.Range(0, turns).Select(i => JsonSerializer.SerializeToNode(Written(input, expressions.InLoop(name, i), dropped: null)))]);
        }

        whole.Remove("copy");
        return JsonSerializer.SerializeToElement(whole);
    }

    private static string Count(JsonElement loop) => loop.Text("count") ?? "";

    private int? Turns(JsonElement loop) =>
        loop.Get("count") is { } count && expressions.Resolve(count) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var turns) && turns is >= 0 and <= MostTurns ? turns : null;

    private static JsonElement Written(JsonElement element, ArmExpressions inside, string? dropped) => JsonSerializer.SerializeToElement(Node(element, inside, dropped));

    private static JsonNode? Node(JsonElement element, ArmExpressions inside, string? dropped) => element.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(element.EnumerateObject().Where(p => p.Name != dropped).Select(p => KeyValuePair.Create(p.Name, Node(p.Value, inside, null)))),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(i => Node(i, inside, null))]),
        _ => JsonSerializer.SerializeToNode(inside.Resolve(element)),
    };
}
