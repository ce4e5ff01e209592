using System.Text.Json;

namespace FlowLogAnalyzer.Tests.Deploy;

/// <summary>A compiled template: the resources of all modules, each with the name of its module.</summary>
internal static class ArmTemplate
{
    public static IEnumerable<(string Module, JsonElement Resource)> Resources(JsonElement template, string module = "main")
    {
        var resources = template.GetProperty("resources");
        var list = resources.ValueKind == JsonValueKind.Array
            ? resources.EnumerateArray().Select(r => (Name: "", Value: r))
            : resources.EnumerateObject().Select(r => (r.Name, r.Value));
        foreach (var (name, resource) in list)
        {
            if (resource.TryGetProperty("existing", out var existing) && existing.GetBoolean())
                continue;
            if (Type(resource) == "Microsoft.Resources/deployments")
            {
                foreach (var inner in Resources(resource.GetProperty("properties").GetProperty("template"), name))
                    yield return inner;
            }
            else
            {
                yield return (module, resource);
            }
        }
    }

    public static string Type(JsonElement resource) => resource.GetProperty("type").GetString()!;

    /// <summary>All texts below an element, names of properties included.</summary>
    public static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Texts(p.Value).Prepend(p.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };
}
