using System.Text.Json;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Tests.Docs;

namespace FlowLogAnalyzer.Tests.Deploy;

/// <summary>infra/, compiled by Bicep: what would be deployed, and with which rights.</summary>
public partial class InfrastructureTests
{
    private static readonly Lazy<(string Diagnostics, string Output)> Built = new(() => BicepCompiler.Run("build", "infra/main.bicep"));

    private static readonly Lazy<List<(string Module, JsonElement Resource)>> Deployed =
        new(() => [.. ArmTemplate.Resources(JsonDocument.Parse(Built.Value.Output).RootElement)]);

    [Fact]
    public void The_templates_compile_without_a_warning()
    {
        var parameters = BicepCompiler.Run("build-params", "infra/main.bicepparam");

        Assert.Equal(("", ""), (Built.Value.Diagnostics, parameters.Diagnostics));
        Assert.True(Deployed.Value.Count > 30);
    }

    [Fact]
    public void The_compiler_notices_a_property_that_does_not_exist()
    {
        var scratch = RepositoryFiles.Path("artifacts/bicep-check.bicep");
        Directory.CreateDirectory(Path.GetDirectoryName(scratch)!);
        File.WriteAllText(scratch, "resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {\n  name: 'p'\n  location: resourceGroup().location\n  properties: { reservd: true }\n}\n");

        Assert.Contains("reservd", BicepCompiler.Run("build", "artifacts/bicep-check.bicep").Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void No_account_takes_keys_or_shows_blobs_to_everybody()
    {
        var accounts = Of("Microsoft.Storage/storageAccounts").Select(a => a.Resource.GetProperty("properties")).ToList();

        Assert.Equal(2, accounts.Count);
        Assert.All(accounts, account =>
        {
            Assert.False(account.GetProperty("allowSharedKeyAccess").GetBoolean());
            Assert.False(account.GetProperty("allowBlobPublicAccess").GetBoolean());
            Assert.Equal("TLS1_2", account.GetProperty("minimumTlsVersion").GetString());
        });
        Assert.True(Of("Microsoft.EventHub/namespaces").Single().Resource.GetProperty("properties").GetProperty("disableLocalAuth").GetBoolean());
        Assert.Equal(2, Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Count);
        Assert.DoesNotMatch(@"list(Keys|AccountSas|ServiceSas|Secrets)\(|AccountKey=|SharedAccessKey", Built.Value.Output);
    }

    /// <summary>Every right that is given, and on what: a new one has to be put down here, and in docs/how-to/deploy-to-azure.md.</summary>
    [Fact]
    public void Rights_are_these_and_no_others()
    {
        string[] expected =
        [
            "app: monitoringMetricsPublisher on Microsoft.Insights/components",
            "app: storageBlobDataOwner on Microsoft.Storage/storageAccounts",
            "data: queueRights on Microsoft.Storage/storageAccounts/queueServices/queues",
            "data: storageBlobDataContributor on Microsoft.Storage/storageAccounts/blobServices/containers",
            "delivery: eventHubsDataSender on Microsoft.EventHub/namespaces/eventhubs",
            "delivery: storageBlobDataContributor on Microsoft.Storage/storageAccounts/blobServices/containers",
            "delivery: storageQueueDataMessageSender on Microsoft.Storage/storageAccounts/queueServices/queues",
            "hub: eventHubsDataReceiver on Microsoft.EventHub/namespaces/eventhubs",
            "hub: eventHubsDataSender on Microsoft.EventHub/namespaces/eventhubs",
            "reader: storageBlobDataReader on Microsoft.Storage/storageAccounts/blobServices/containers",
        ];

        var given = Of("Microsoft.Authorization/roleAssignments").Select(a => $"{a.Module}: {Role(a.Resource)} on {Scope(a.Resource)}");

        Assert.Equal(expected, given.Order(StringComparer.Ordinal));
        Assert.Equal(5, Regex.Count(RepositoryFiles.Read("infra/modules/data.bicep"), @"\{ queue: [012], role: roles\.storageQueueData(Reader|MessageProcessor|MessageSender) \}", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Roles_have_the_ids_of_azures_built_in_roles()
    {
        var ids = RoleLine().Matches(RepositoryFiles.Read("infra/modules/roles.bicep")).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.Ordinal);

        Assert.Equal(9, ids.Count);
        // Azure docs, role-based-access-control/built-in-roles/storage, /analytics and /monitor.
        Assert.Equal("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", ids["storageBlobDataReader"]);
        Assert.Equal("ba92f5b4-2d11-453d-a403-e96b0029c9fe", ids["storageBlobDataContributor"]);
        Assert.Equal("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", ids["storageBlobDataOwner"]);
        Assert.Equal("c6a89b2d-59bc-44d0-9896-0f6e12d7b80a", ids["storageQueueDataMessageSender"]);
        Assert.Equal("8a0f0c08-91a1-4084-bc3d-661d67233fed", ids["storageQueueDataMessageProcessor"]);
        Assert.Equal("19e7f393-937e-4f77-808e-94535e297925", ids["storageQueueDataReader"]);
        Assert.Equal("a638d3c7-ab3a-418d-83e6-5f17a39d4fde", ids["eventHubsDataReceiver"]);
        Assert.Equal("2b629674-e913-4c01-ae53-ef4638d8f975", ids["eventHubsDataSender"]);
        Assert.Equal("3913510d-42f4-4e42-8a64-420c390055eb", ids["monitoringMetricsPublisher"]);
    }

    [Fact]
    public void Only_commits_of_flow_logs_raise_an_event()
    {
        var subscription = Of("Microsoft.EventGrid/systemTopics/eventSubscriptions").Single().Resource.GetProperty("properties");
        var filter = subscription.GetProperty("filter");

        Assert.Equal("PT1H.json", filter.GetProperty("subjectEndsWith").GetString());
        Assert.Equal(["Microsoft.Storage.BlobCreated"], filter.GetProperty("includedEventTypes").EnumerateArray().Select(t => t.GetString()));
        var operations = filter.GetProperty("advancedFilters").EnumerateArray().Single(f => f.GetProperty("key").GetString() == "data.api");
        Assert.Equal(["PutBlockList", "PutBlob", "CopyBlob", "FlushWithClose"], operations.GetProperty("values").EnumerateArray().Select(v => v.GetString()));
        Assert.True(subscription.TryGetProperty("deadLetterWithResourceIdentity", out _));
        Assert.False(subscription.TryGetProperty("destination", out _), "A destination without an identity would need keys.");
    }

    [Fact]
    public void The_app_gets_every_setting_that_its_functions_name()
    {
        var settings = SettingName().Matches(RepositoryFiles.Read("infra/main.bicep")).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var sample = JsonDocument.Parse(RepositoryFiles.Read("functions/local.settings.sample.json")).RootElement.GetProperty("Values").EnumerateObject().Select(v => v.Name).ToList();

        // The host's own, what the plan replaces, and connections, which have parts instead of one value.
        var elsewhere = new[] { "FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage" };
        Assert.DoesNotContain(sample.Except(elsewhere, StringComparer.Ordinal), name => !settings.Contains(name) && !settings.Any(s => s.StartsWith($"{name}__", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_azd_publishes_is_the_folder_that_the_target_makes()
    {
        var azure = RepositoryFiles.Read("azure.yaml");

        Assert.Contains("dist: artifacts/functionapp\n", azure, StringComparison.Ordinal);
        Assert.Contains("artifacts/functionapp/</AppFolder>", RepositoryFiles.Read("functions/FlowLogAnalyzer.Functions.csproj"), StringComparison.Ordinal);
        Assert.Contains("functions:\n    host: function\n", azure, StringComparison.Ordinal);
        Assert.Contains("'azd-service-name': 'functions'", RepositoryFiles.Read("infra/modules/app.bicep"), StringComparison.Ordinal);
    }

    private static List<(string Module, JsonElement Resource)> Of(string type) => [.. Deployed.Value.Where(r => ArmTemplate.Type(r.Resource) == type)];

    private static string Role(JsonElement assignment) => RoleVariable().Match(assignment.GetProperty("properties").GetProperty("roleDefinitionId").GetString()!) is { Success: true } match
        ? match.Groups[1].Value
        : "queueRights";

    private static string Scope(JsonElement assignment) => ScopeType().Match(assignment.GetProperty("scope").GetString()!).Groups[1].Value;

    [GeneratedRegex(@"^  (\w+): '([0-9a-f-]{36})'$", RegexOptions.Multiline, 1000)]
    private static partial Regex RoleLine();

    [GeneratedRegex(@"[\s{]'?([A-Za-z_][\w.]+)'?: ", RegexOptions.None, 1000)]
    private static partial Regex SettingName();

    [GeneratedRegex(@"roles(?:'\))?\.(\w+)", RegexOptions.None, 1000)]
    private static partial Regex RoleVariable();

    [GeneratedRegex(@"(?:resourceId|extensionResourceId)\('([^']+)'", RegexOptions.None, 1000)]
    private static partial Regex ScopeType();
}
