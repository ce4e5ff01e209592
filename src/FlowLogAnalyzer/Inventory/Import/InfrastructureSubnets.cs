using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>
/// Subnets in which the platform's own appliances live. Bastion, firewall, gateway and route server have fixed subnet
/// names (Azure docs, each service's subnet requirements); the others show by delegation, by their configurations or by name.
/// </summary>
internal static partial class InfrastructureSubnets
{
    public static string? Classify(JsonElement subnet) => (subnet.Text("name") ?? "").ToLowerInvariant() switch
    {
        "azurebastionsubnet" => "bastion",
        "azurefirewallsubnet" or "azurefirewallmanagementsubnet" => "firewall",
        "gatewaysubnet" => "gateway",
        "routeserversubnet" => "route server",
        var name => ByContent(subnet) ?? ByName(name),
    };

    private static string? ByContent(JsonElement subnet)
    {
        if (subnet.Items("applicationGatewayIPConfigurations").Any())
            return "application gateway";

        var services = subnet.Items("delegations").Select(d => d.Text("serviceName")?.ToLowerInvariant()).OfType<string>().ToList();
        if (services.Contains("microsoft.network/applicationgateways"))
            return "application gateway";

        return services.Contains("microsoft.apimanagement/service") ? "api management" : null;
    }

    private static string? ByName(string name)
    {
        var match = Names().Match(name);
        return !match.Success ? null : match.Groups["kind"].Value switch
        {
            "apim" => "api management",
            "pls" or "privatelink" or "private-link" => "private link",
            "bastion" => "bastion",
            "firewall" => "firewall",
            _ => "application gateway",
        };
    }

    [GeneratedRegex("(^|[-_])(?<kind>appgw|agw|appgateway|application-gateway|applicationgateway|apim|pls|privatelink|private-link|bastion|firewall)([-_0-9]|subnet|$)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Names();
}
