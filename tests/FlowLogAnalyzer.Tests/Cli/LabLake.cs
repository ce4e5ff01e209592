namespace FlowLogAnalyzer.Tests.Cli;

[CollectionDefinition(nameof(LabLake))]
public sealed class LabLakeTests : ICollectionFixture<LabLake>;

/// <summary>A lake made by the real program from a scenario of the lab, shared by the tests that only read it.</summary>
public sealed class LabLake : IAsyncLifetime
{
    public TempFolder Folder { get; } = new();

    public string Lake => Folder["lake"];

    public string Logs => Folder["logs"];

    public CliRun Lab { get; private set; } = null!;

    public CliRun Ingest { get; private set; } = null!;

    public CliRun Import { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Lab = await CliRun.Of("lab", "client-denied", "--out", Logs, "--minutes", "10", "--output", "json");
        Ingest = await CliRun.Of("ingest", Logs, "--lake", Lake, "--output", "json");
        Import = await CliRun.Of("inventory", "import", Path.Combine(Logs, "inventory"), "--lake", Lake, "--output", "json");
    }

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
