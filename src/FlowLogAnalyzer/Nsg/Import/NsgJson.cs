using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>
/// Reads NSGs from any JSON that tools write: az (<c>az network nsg list</c>), ARM REST, PowerShell, effective rules,
/// ARM templates and compiled Bicep, Terraform plans and states, security admin rules, recorded HTTP answers.
/// Never throws for content: what is not an NSG is passed over, what is not resolved is a note.
/// </summary>
public static class NsgJson
{
    /// <summary>True for the parameter file of an ARM template: it holds values, not resources.</summary>
    public static bool IsParameterFile(JsonElement root) =>
        root.Text("$schema") is { } schema && schema.Contains("deploymentParameters", StringComparison.OrdinalIgnoreCase);

    /// <param name="root">The document.</param>
    /// <param name="source">The file's name, for notes.</param>
    /// <param name="parameterFile">Values for the parameters of an ARM template; without it their defaults are taken.</param>
    public static NsgImport Read(JsonElement root, string source, JsonElement? parameterFile = null)
    {
        var result = new ImportResult();
        if (ArmTemplateReader.IsTemplate(root))
            ArmTemplateReader.Read(root, parameterFile?.Get("parameters"), result);
        else
            Read(root, result);
        if (result.Nsgs.Count + result.Effective.Count + result.AdminRules.Count == 0)
            result.Notes.Add($"{source} holds no NSG and no security admin rule; expected the output of 'az network nsg list', an effective-rules export, an ARM template or a Terraform plan.");
        return result.Seal();
    }

    private static void Read(JsonElement element, ImportResult result)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Read(item, result);
                break;
            case JsonValueKind.Object:
                ReadObject(element, result);
                break;
        }
    }

    private static void ReadObject(JsonElement element, ImportResult result)
    {
        if (ArmTemplateReader.IsTemplate(element))
            ArmTemplateReader.Read(element, parameters: null, result);
        else if (TerraformReader.IsTerraform(element))
            TerraformReader.Read(element, result);
        else if (EffectiveRulesReader.IsEffective(element))
            result.Effective.Add(EffectiveRulesReader.Read(element, result.Notes));
        else if (NsgResourceReader.IsNsg(element))
            AddNsg(element, result);
        else if (AdminRuleReader.IsAdminRule(element))
            result.AdminRules.Add(AdminRuleReader.Read(element, result.Notes));
        else
            ReadEnvelope(element, result);
    }

    private static void AddNsg(JsonElement element, ImportResult result)
    {
        var nsg = NsgResourceReader.Read(element, new RuleFields(RuleFields.AsIs, result.Notes));
        result.Nsgs.Add(nsg);
        result.Notes.AddRange(NsgChecks.Problems(nsg));
    }

    private static void ReadEnvelope(JsonElement element, ImportResult result)
    {
        foreach (var item in element.Items("value"))
            Read(item, result);
        if (element.Text("nextLink") is { Length: > 0 })
            result.Notes.Add("The answer was cut into pages and only one is here (it has a 'nextLink'): NSGs may be missing.");
        foreach (var interaction in element.Items("interactions"))
        {
            if (interaction.Get("response")?.Get("body")?.Get("data") is { } data)
                Read(data, result);
        }
    }
}
