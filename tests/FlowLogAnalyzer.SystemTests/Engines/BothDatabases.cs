using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Reports;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Engines;

/// <summary>Two weeks of the lab, opened on DuckDB and on ClickHouse once for all tests of a class.</summary>
public sealed class BothDatabases(ReportLake lake) : IAsyncLifetime
{
    public LakeDatabase DuckDb { get; private set; } = null!;

    public LakeDatabase ClickHouse { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var windows = await lake.OpenAsync();
        var server = await ClickHouseServer.OptionsAsync();
        LakeDatabase Open() => windows.OpenAsync(null, null, TestEngine.Apply).AsTask().GetAwaiter().GetResult();
        DuckDb = TestEngine.OnDuckDb(Open);
        ClickHouse = TestEngine.OnClickHouse(server, Open);
    }

    public ValueTask DisposeAsync()
    {
        DuckDb?.Dispose();
        ClickHouse?.Dispose();
        return ValueTask.CompletedTask;
    }
}
