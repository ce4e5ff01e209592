using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>
/// Reads NSGs of an ARM template or of Bicep compiled to JSON (there <c>resources</c> may be an object by symbolic name):
/// rules inside the NSG, as child resources and as resources of their own, and nested deployments.
/// </summary>
internal static class ArmTemplateReader
{
    private const string NsgType = "Microsoft.Network/networkSecurityGroups";
    private const string RuleType = NsgType + "/securityRules";

    public static bool IsTemplate(JsonElement element) =>
        element.Has("resources") && (element.Has("$schema") || element.Has("contentVersion"));

    /// <param name="template">The template.</param>
    /// <param name="parameters">The content of <c>parameters</c> in a parameter file, if there is one.</param>
    /// <param name="result">Takes what is found.</param>
    public static void Read(JsonElement template, JsonElement? parameters, ImportResult result) => Read(template, ArmExpressions.Of(template, parameters), result);

    private static void Read(JsonElement template, ArmExpressions expressions, ImportResult result)
    {
        var reader = new TemplateContext(expressions, new RuleFields(expressions.Resolve, result.Notes), result);
        foreach (var resource in Resources(template))
            ReadResource(resource, reader, parent: null);
        foreach (var nsg in reader.Nsgs)
        {
            result.Nsgs.Add(nsg);
            result.Notes.AddRange(NsgChecks.Problems(nsg));
        }
    }

    private static void ReadResource(JsonElement resource, TemplateContext context, string? parent)
    {
        var type = resource.Text("type") ?? "";
        foreach (var one in context.Copies.Resources(resource, out var count))
        {
            var name = context.Fields.Text(one, "name") ?? "unnamed";
            if (count is not null)
                context.Result.Notes.Add($"The resource '{name}' of type {type} is a copy loop whose count '{count}' was not resolved; it was read once, not expanded.");
            ReadOne(one, type, name, context, parent);
        }
    }

    private static void ReadOne(JsonElement resource, string type, string name, TemplateContext context, string? parent)
    {
        if (type.Equals(NsgType, StringComparison.OrdinalIgnoreCase))
            ReadNsg(resource, name, context);
        else if (type.Equals(RuleType, StringComparison.OrdinalIgnoreCase) || (parent is not null && type.Equals("securityRules", StringComparison.OrdinalIgnoreCase)))
            ReadRule(resource, parent is null || name.Contains('/') ? name : $"{parent}/{name}", context);
        else if (type.Equals("Microsoft.Resources/deployments", StringComparison.OrdinalIgnoreCase))
            ReadNested(resource, context);
    }

    private static void ReadNsg(JsonElement template, string name, TemplateContext context)
    {
        var resource = WithRules(template, name, context);
        var existing = resource.Get("existing") is { ValueKind: JsonValueKind.True };
        if (resource.Body().Get("securityRules") is { ValueKind: not JsonValueKind.Array } rules && context.Expressions.Resolve(rules).ValueKind != JsonValueKind.Array)
            context.Result.Notes.Add($"The rules of NSG '{name}' are the expression '{JsonNames.Text(rules)}', which was not resolved: its rules are missing.");
        if (!existing)
            context.Put(NsgResourceReader.Read(resource, context.Fields));
        foreach (var child in Resources(resource))
            ReadResource(child, context, name);
    }

    /// <summary>The NSG with the rules of a loop written out: Bicep compiles <c>[for …]</c> to one.</summary>
    private static JsonElement WithRules(JsonElement resource, string name, TemplateContext context)
    {
        if (resource.Get("properties") is not { ValueKind: JsonValueKind.Object } body || !body.Has("copy"))
            return resource;

        var written = context.Copies.Properties(body, out var unresolved);
        foreach (var (property, count) in unresolved)
            context.Result.Notes.Add($"'{property}' of NSG '{name}' is a copy loop whose count '{count}' was not resolved: it is missing.");
        var whole = JsonSerializer.SerializeToNode(resource)!.AsObject();
        whole["properties"] = JsonSerializer.SerializeToNode(written);
        return JsonSerializer.SerializeToElement(whole);
    }

    private static void ReadRule(JsonElement resource, string path, TemplateContext context)
    {
        var slash = path.IndexOf('/');
        var nsgName = slash < 0 ? path : path[..slash];
        var rule = context.Fields.Read(resource, isDefault: false, $"NSG '{nsgName}'") with { Name = path[(slash + 1)..] };
        context.AddRule(nsgName, rule);
    }

    private static void ReadNested(JsonElement resource, TemplateContext context)
    {
        if (resource.Body().Get("template") is { ValueKind: JsonValueKind.Object } template)
            Read(template, ArmExpressions.Of(template, resource.Body().Get("parameters"), context.Expressions), context.Result);
    }

    private static IEnumerable<JsonElement> Resources(JsonElement element) => element.Get("resources") switch
    {
        { ValueKind: JsonValueKind.Array } array => array.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } byName => byName.EnumerateObject().Select(p => p.Value),
        _ => [],
    };

    private sealed record TemplateContext(ArmExpressions Expressions, RuleFields Fields, ImportResult Result)
    {
        public ArmCopies Copies { get; } = new(Expressions);

        public List<NetworkSecurityGroup> Nsgs { get; } = [];

        public void Put(NetworkSecurityGroup nsg)
        {
            var early = Nsgs.FindIndex(n => n.Name.Equals(nsg.Name, StringComparison.OrdinalIgnoreCase));
            if (early < 0)
                Nsgs.Add(nsg);
            else
                Nsgs[early] = nsg with { Rules = nsg.Rules.Concat(Nsgs[early].Rules.Where(r => !r.IsDefault)).ToEquatableList() };
        }

        public void AddRule(string nsgName, NsgRule rule)
        {
            var index = Nsgs.FindIndex(n => n.Name.Equals(nsgName, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                Nsgs.Add(new NetworkSecurityGroup { Name = nsgName, Rules = [rule] });
                return;
            }

            Nsgs[index] = Nsgs[index] with { Rules = Nsgs[index].Rules.Append(rule).ToEquatableList() };
        }
    }
}
