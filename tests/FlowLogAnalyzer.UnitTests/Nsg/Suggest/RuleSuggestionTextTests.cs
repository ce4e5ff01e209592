using System.Diagnostics;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Suggest;

namespace FlowLogAnalyzer.Tests.Nsg.Suggest;

public class RuleSuggestionTextTests
{
    private static readonly RuleSuggestion Client = RuleSuggestion.For(
        new NetworkSecurityGroup { Name = "nsg-user", Id = "/subscriptions/s/resourceGroups/rg-net/providers/Microsoft.Network/networkSecurityGroups/nsg-user" },
        NsgText.Rule("allow-client 190 in allow Tcp 10.10.4.0/24 > 10.10.2.100/32|80,443") with { Description = "it's ${needed} for \"all\" %{x} $(id)" });

    [Fact]
    public void Writes_an_az_command()
    {
        Assert.Equal(
            """
            az network nsg rule create \
              --resource-group rg-net \
              --nsg-name nsg-user \
              --name allow-client \
              --priority 190 \
              --direction Inbound \
              --access Allow \
              --protocol Tcp \
              --source-address-prefixes 10.10.4.0/24 \
              --source-port-ranges '*' \
              --destination-address-prefixes 10.10.2.100/32 \
              --destination-port-ranges 80,443 \
              --description 'it'\''s ${needed} for "all" %{x} $(id)'

            """.Replace("80,443", "80 443", StringComparison.Ordinal),
            RuleSuggestionText.Write([Client], SuggestionForm.Az));
    }

    [Fact]
    public void A_shell_reads_every_argument_back_as_it_was()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "there is no POSIX shell here");
        const string Nasty = "a'b \"c\" $(echo d) `e` \\ * ; & | \n f";
        var suggestion = Client with { NsgName = Nasty, Rule = Client.Rule with { Description = Nasty } };
        var script = "az() { printf '%s\\001' \"$@\"; }\n" + RuleSuggestionText.Write([suggestion], SuggestionForm.Az);

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var arguments = shell.StandardOutput.ReadToEnd().Split('\u0001');

        Assert.Equal(Nasty, arguments[Array.IndexOf(arguments, "--nsg-name") + 1]);
        Assert.Equal(Nasty, arguments[Array.IndexOf(arguments, "--description") + 1]);
        Assert.Equal("*", arguments[Array.IndexOf(arguments, "--source-port-ranges") + 1]);
    }

    [Fact]
    public void Writes_bicep_with_each_NSG_named_once()
    {
        var second = Client with { Rule = NsgText.Rule("probe 180 in allow Tcp AzureLoadBalancer > asg:/s/web") };

        Assert.Equal(
            """
            resource nsg_user 'Microsoft.Network/networkSecurityGroups@2023-11-01' existing = {
              name: 'nsg-user'
            }

            resource nsg_user_allow_client 'Microsoft.Network/networkSecurityGroups/securityRules@2023-11-01' = {
              parent: nsg_user
              name: 'allow-client'
              properties: {
                description: 'it\'s \${needed} for "all" %{x} $(id)'
                priority: 190
                direction: 'Inbound'
                access: 'Allow'
                protocol: 'Tcp'
                sourceAddressPrefix: '10.10.4.0/24'
                sourcePortRange: '*'
                destinationAddressPrefix: '10.10.2.100/32'
                destinationPortRanges: [
                  '80'
                  '443'
                ]
              }
            }

            resource nsg_user_probe 'Microsoft.Network/networkSecurityGroups/securityRules@2023-11-01' = {
              parent: nsg_user
              name: 'probe'
              properties: {
                priority: 180
                direction: 'Inbound'
                access: 'Allow'
                protocol: 'Tcp'
                sourceAddressPrefix: 'AzureLoadBalancer'
                sourcePortRange: '*'
                destinationApplicationSecurityGroups: [
                  { id: '/s/web' }
                ]
                destinationPortRange: '*'
              }
            }

            """,
            RuleSuggestionText.Write([Client, second], SuggestionForm.Bicep));
    }

    [Fact]
    public void Writes_a_terraform_resource()
    {
        Assert.Equal(
            """
            resource "azurerm_network_security_rule" "nsg_user_allow_client" {
              name                        = "allow-client"
              priority                    = 190
              direction                   = "Inbound"
              access                      = "Allow"
              protocol                    = "Tcp"
              source_address_prefix       = "10.10.4.0/24"
              source_port_range           = "*"
              destination_address_prefix  = "10.10.2.100/32"
              destination_port_ranges     = ["80", "443"]
              resource_group_name         = "rg-net"
              network_security_group_name = "nsg-user"
              description                 = "it's $${needed} for \"all\" %%{x} $(id)"
            }

            """,
            RuleSuggestionText.Write([Client], SuggestionForm.Terraform));
    }

    [Fact]
    public void A_suggested_rule_added_to_the_NSG_decides()
    {
        var nsg = NsgText.Nsg("nsg-user", "deny-all 200 in deny * * > *").WithRule(Client.Rule);
        var evaluator = new NsgEvaluator(new NicContext { SubnetNsg = nsg });

        Assert.Equal("Allow Subnet UserRule_allow-client", NsgText.Answer(evaluator.Decide(NsgText.Flow("in tcp 10.10.4.4:5 > 10.10.2.100:80"))));
        Assert.Single(nsg.WithRule(Client.Rule with { Priority = 180 }).Rules, r => r.Name == "allow-client");
    }
}
