using Azure.Core;
using Azure.Identity;

namespace FlowLogAnalyzer.Blobs.Remote;

/// <summary>Whoever runs this: the Azure CLI's login on a laptop, the managed or workload identity in Azure. Never asks a person.</summary>
internal static class AzureIdentity
{
    private static readonly Lazy<TokenCredential> Credential = new(Find);

    public static TokenCredential WhoRunsThis => Credential.Value;

    /// <summary>On a laptop the Azure CLI comes first: looking for a managed identity there costs seconds and finds none.</summary>
    private static TokenCredential Find()
    {
        string[] signsOfAzure = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_CLIENT_ID"];
        if (signsOfAzure.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))))
            return new DefaultAzureCredential();

        var others = new DefaultAzureCredentialOptions { ExcludeAzureCliCredential = true, ExcludeInteractiveBrowserCredential = true };
        return new ChainedTokenCredential(new AzureCliCredential(), new DefaultAzureCredential(others));
    }
}
