using System.Text.Json;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Import;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Tests.Nsg.Import;

public class NsgJsonTests
{
    [Fact]
    public void Reads_the_answer_of_the_REST_API_out_of_a_recording()
    {
        var import = Read("custodian_nsg_icmp.json");

        var nsg = Assert.Single(import.Nsgs);
        Assert.Empty(import.Notes);
        Assert.Equal("c7n-nsg", nsg.Name);
        Assert.EndsWith("/networkSecurityGroups/c7n-nsg", nsg.Id);
        Assert.NotNull(nsg.ResourceGuid);
        Assert.Contains(nsg.Rules, r => r is { Protocol: RuleProtocol.Icmp, IsDefault: false });
        Assert.Equal(DefaultRules.All, [.. nsg.Rules.Where(r => r.IsDefault).Select(r => r with { Description = null })]);
    }

    [Fact]
    public void Reads_a_template_with_rules_inside_the_NSG()
    {
        var import = Read("custodian_networksecuritygroup.json");

        var nsg = Assert.Single(import.Nsgs);
        Assert.Equal("c7n-nsg", nsg.Name);
        var rule = nsg.Rules.Single(r => r.Name == "test2");
        Assert.Equal(["8080-8084", "8086"], rule.Destination.Ports);
        Assert.Equal((310, Direction.Inbound, Decision.Allow, RuleProtocol.Any), (rule.Priority, rule.Direction, rule.Decision, rule.Protocol));
        Assert.Equal(12, nsg.Rules.Count);
        Assert.Empty(import.Notes);
    }

    [Fact]
    public void Reads_compiled_bicep_with_parameters_child_rules_and_modules()
    {
        var import = Read("bicep.json");

        Assert.Equal(["nsg-ingress-inner", "nsg-ingress"], import.Nsgs.Select(n => n.Name));
        var inner = import.Nsgs[0].Rules.Single(r => !r.IsDefault);
        Assert.Equal(NsgText.Rule("child 300 out allow Udp VirtualNetwork > Internet|123"), inner);
        var rules = import.Nsgs[1].Rules.Where(r => !r.IsDefault).ToDictionary(r => r.Name);
        Assert.Equal(["10.10.4.0/24", "10.10.5.0/24"], rules["[literal]"].Source.Prefixes);
        Assert.Equal(["80"], rules["[literal]"].Destination.Ports);
        Assert.Equal(NsgRule.UnresolvedPriority, rules["deny-rest"].Priority);
        Assert.Equal(
            [
                "The destination '[parameters('frontend')]' of rule '[literal]' of NSG 'nsg-ingress' is an expression that was not resolved: the rule cannot be decided where it matters.",
                "The priority of rule 'deny-rest' of NSG 'nsg-ingress' is missing or not resolved ('[reference('policy').priority]'): whatever the rule matches stays undecided.",
            ],
            import.Notes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Copy_loops_of_resources_and_properties_are_written_out_as_far_as_their_counts_are_known()
    {
        var import = Read("copy-loops.json");

        Assert.Equal(["nsg-system", "nsg-user", "nsg-plain"], import.Nsgs.Select(n => n.Name));
        Assert.Equal(
            [NsgText.Rule("allow-web 100 in allow Tcp 10.10.4.0/24 > *|80"), NsgText.Rule("allow-api 110 in allow Tcp 10.10.5.0/24 > *|8080")],
            import.Nsgs[1].Rules.Where(r => !r.IsDefault));
        Assert.Equal(NsgText.Rule("open-1 301 out allow Udp * > *|124"), import.Nsgs[2].Rules.Single(r => r.Name == "open-1"));
        Assert.Equal(
            [
                "'securityRules' of NSG 'nsg-plain' is a copy loop whose count '[length(reference('policy').ports)]' was not resolved: it is missing.",
                "The resource 'nsg-plain/later' of type Microsoft.Network/networkSecurityGroups/securityRules is a copy loop whose count '[parameters('howMany')]' was not resolved; it was read once, not expanded.",
            ],
            import.Notes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_parameter_file_takes_the_place_of_the_defaults()
    {
        var parameters = JsonDocument.Parse("""
            { "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "parameters": { "names": { "value": ["a"] }, "howMany": { "value": 2 } } }
            """).RootElement;

        using var template = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Cases(), "copy-loops.json")));
        var import = NsgJson.Read(template.RootElement, "copy-loops.json", parameters);

        Assert.True(NsgJson.IsParameterFile(parameters));
        Assert.False(NsgJson.IsParameterFile(template.RootElement));
        Assert.Equal(["nsg-a", "nsg-plain"], import.Nsgs.Select(n => n.Name));
        Assert.DoesNotContain(import.Notes, n => n.Contains("howMany", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[concat('a', 'b')]", "\"ab\"")]
    [InlineData("[format('{0}-{1}', 'x', 3)]", "\"x-3\"")]
    [InlineData("[add(2, mul(3, 4))]", "14")]
    [InlineData("[sub(1, 5)]", "-4")]
    [InlineData("[length(parameters('rules'))]", "2")]
    [InlineData("[length('four')]", "4")]
    [InlineData("[parameters('rules')[1].name]", "\"second\"")]
    [InlineData("[parameters('rules')[add(0, 1)]['name']]", "\"second\"")]
    [InlineData("[first(parameters('rules')).ports]", "[80, 443]")]
    [InlineData("[range(3, 2)]", "[3,4]")]
    [InlineData("[createArray(1, 'b')]", "[1,\"b\"]")]
    [InlineData("[split('a,b', ',')]", "[\"a\",\"b\"]")]
    [InlineData("[toLower(string(variables('Upper')))]", "\"text\"")]
    [InlineData("[int('7')]", "7")]
    public void Expressions_with_one_plain_answer_are_resolved(string expression, string value)
    {
        Assert.Equal(value, Expressions().Resolve(JsonSerializer.SerializeToElement(expression)).GetRawText());
    }

    [Theory]
    [InlineData("[reference('x').y]")]
    [InlineData("[parameters('rules')[2].name]")]
    [InlineData("[parameters('rules')[0].nothing]")]
    [InlineData("[parameters('unknown')]")]
    [InlineData("[copyIndex()]")]
    [InlineData("[concat('a', parameters('rules'))]")]
    [InlineData("[add('a', 1)]")]
    [InlineData("[concat('a'] and more")]
    public void Other_expressions_stay_as_they_are(string expression)
    {
        Assert.Equal(expression, Expressions().Resolve(JsonSerializer.SerializeToElement(expression)).GetString());
    }

    private static ArmExpressions Expressions() => ArmExpressions.Of(JsonDocument.Parse("""
        { "parameters": { "rules": { "type": "array", "defaultValue": [{ "name": "first", "ports": [80, 443] }, { "name": "second" }] } }, "variables": { "Upper": "TEXT" } }
        """).RootElement, arguments: null);

    [Fact]
    public void Reads_a_terraform_plan_with_rules_of_their_own_and_says_what_is_known_only_after_apply()
    {
        var import = Read("terraform-plan.json");

        var nsg = Assert.Single(import.Nsgs);
        var rules = nsg.Rules.Where(r => !r.IsDefault).ToList();
        Assert.Equal(["allow-client", "deny-web-asg", "later"], rules.Select(r => r.Name));
        Assert.Equal(["80", "443"], rules[0].Destination.Ports);
        Assert.EndsWith("/applicationSecurityGroups/web", Assert.Single(rules[1].Source.Asgs));
        Assert.Equal(["The source address of rule 'later' of NSG 'nsg-user' is empty or not known: the rule cannot be decided where it matters."], import.Notes);
    }

    [Fact]
    public void Reads_effective_rules_with_the_expansion_of_tags()
    {
        var effective = Assert.Single(Read("effective.json").Effective);

        Assert.Equal("nsg-user", effective.Nsg.Name);
        Assert.EndsWith("/subnets/snet-user", effective.SubnetId);
        Assert.Null(effective.NicId);
        Assert.Equal(["10.10.0.0/16", "168.63.129.16/32", "10.244.0.0/16"], effective.Tags["VirtualNetwork"]);
        Assert.Equal("UserRule_allow-web", effective.Nsg.Rules[0].LogName);
        Assert.Equal(["0-65535"], effective.Nsg.Rules[0].Source.Ports);
        var scope = new AddressScope(new AddressSources { EffectiveTags = effective.Tags, Network = new VirtualNetworkFacts { AddressSpace = ["10.0.0.0/8"] } });
        Assert.Equal(TagOrigin.EffectiveRules, scope.Expand("virtualnetwork")?.Origin);
    }

    [Fact]
    public void Effective_rules_take_the_place_of_the_exported_ones()
    {
        var exported = new NicContext { SubnetNsg = NsgText.Nsg("old", "d 100 in deny * * > *"), NicNsg = NsgText.Nsg("open", "a 100 in allow * * > *") };

        var context = exported.With(Read("effective.json").Effective);

        Assert.Equal(("nsg-user", "open"), (context.SubnetNsg?.Name, context.NicNsg?.Name));
        var evaluator = new NsgEvaluator(context);
        Assert.Equal("DefaultRule_AllowVnetInBound", evaluator.Decide(NsgText.Flow("in tcp 10.244.3.3:5 > 10.10.1.4:81")).Subnet.Rule?.LogName);
        Assert.Equal("UserRule_allow-web", evaluator.Decide(NsgText.Flow("in tcp 10.10.4.3:5 > 10.10.1.4:80")).Subnet.Rule?.LogName);
        Assert.Equal("Deny Subnet DefaultRule_DenyAllInBound", NsgText.Answer(evaluator.Decide(NsgText.Flow("in tcp 10.11.4.3:5 > 10.10.1.4:80"))));
    }

    [Fact]
    public void Reads_the_spelling_of_PowerShell()
    {
        var nsg = Assert.Single(Read("powershell.json").Nsgs);

        Assert.Equal(NsgText.Rule("deny-clients 200 in deny Tcp VirtualNetwork > 10.10.2.100/32|80,443"), nsg.Rules[0]);
        Assert.EndsWith("/subnets/snet-user", Assert.Single(nsg.Subnets));
        Assert.Equal(7, nsg.Rules.Count);
    }

    [Fact]
    public void Reads_security_admin_rules_flat_and_in_properties()
    {
        var rules = Read("admin-rules.json").AdminRules;

        Assert.Equal(NsgText.AdminRule("BlockHighRiskTCPPortsFromInternet 10 in deny Tcp Internet > *|20,21,22"), rules[0]);
        Assert.Equal(
            (AdminDecision.AlwaysAllow, 5, "10.99.0.0/24"),
            (rules[1].Decision, rules[1].Priority, rules[1].Source.Prefixes[0]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("17")]
    [InlineData("""{"value":[{"type":"Microsoft.Network/virtualNetworks","name":"v"}]}""")]
    [InlineData("""{"terraform_version":"1.0"}""")]
    public void A_document_without_NSGs_is_a_note_and_not_an_error(string json)
    {
        var import = NsgJson.Read(JsonDocument.Parse(json).RootElement, "some.json");

        Assert.Empty(import.Nsgs);
        Assert.StartsWith("some.json holds no NSG", Assert.Single(import.Notes));
    }

    [Fact]
    public void A_page_of_a_longer_answer_is_noted()
    {
        var import = NsgJson.Read(JsonDocument.Parse("""{"value":[{"name":"n","properties":{"securityRules":[]}}],"nextLink":"https://x"}""").RootElement, "x");

        Assert.Contains("nextLink", Assert.Single(import.Notes));
        Assert.Equal("n", Assert.Single(import.Nsgs).Name);
    }

    [Fact]
    public void Two_rules_with_one_priority_are_noted()
    {
        var nsgs = NsgJsonWriter.ToUtf8([NsgText.Nsg("n", "a 100 in allow * * > *", "b 100 in deny * * > *", "c 100 out deny * * > *")]);

        var import = NsgJson.Read(JsonDocument.Parse(nsgs).RootElement, "x");

        Assert.Equal("NSG 'n' has 2 Inbound rules with priority 100 (a, b); Azure refuses that, and the first one is taken.", Assert.Single(import.Notes));
    }

    internal static NsgImport Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Cases(), name)));
        return NsgJson.Read(document.RootElement, name);
    }

    private static string Cases() => Path.Combine(AppContext.BaseDirectory, "Cases", "nsg");
}
