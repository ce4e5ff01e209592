using System.Text.Json;

namespace FlowLogAnalyzer.Tests.Cli;

public sealed class BenchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nsg-v2")]
    [InlineData("vnet")]
    public async Task Both_ways_see_the_same_rows_of_the_users_logs(string format)
    {
        var logs = _folder["logs"];
        Assert.Equal(0, (await CliRun.Of("lab", "healthy-cluster", "--out", logs, "--format", format, "--minutes", "20")).ExitCode);
        var before = Directory.GetFileSystemEntries(logs, "*", SearchOption.AllDirectories);

        var run = await CliRun.Of(["bench", Blobs(logs), "--rounds", "2", "--compare", "--output", "json"], null, ("TMPDIR", Directory.CreateDirectory(_folder["tmp"]).FullName));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(["flowlog", "duckdb"], run.Json.EnumerateArray().Select(r => r.GetProperty("way").GetString()!));
        Assert.Equal(run.Json[0].GetProperty("rows").GetInt64(), run.Json[1].GetProperty("rows").GetInt64());
        Assert.All(run.Json.EnumerateArray(), Plausible);
        Assert.True(run.Json[0].GetProperty("allocated_per_row").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, run.Json[1].GetProperty("allocated_per_row").ValueKind);
        Assert.Equal(before, Directory.GetFileSystemEntries(logs, "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetDirectories(_folder["tmp"], "flowlog-bench-*"));
    }

    [Fact]
    public async Task Without_a_path_logs_are_generated_and_deleted()
    {
        var run = await CliRun.Of(["bench", "--megabytes", "5", "--rounds", "1", "--output", "json"], null, ("TMPDIR", Directory.CreateDirectory(_folder["tmp"]).FullName));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(1, run.Json.GetArrayLength());
        Assert.InRange(run.Json[0].GetProperty("rows").GetInt64(), 100_000, 10_000_000);
        Plausible(run.Json[0]);
        Assert.Empty(Directory.GetDirectories(_folder["tmp"], "flowlog-bench-*"));
    }

    [Fact]
    public async Task Logs_that_DuckDB_cannot_read_are_measured_alone()
    {
        Directory.CreateDirectory(_folder["logs"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["logs"], "PT1H.json"), "{\"records\":[{\"time\":", TestContext.Current.CancellationToken);

        var run = await CliRun.Of("bench", _folder["logs"], "--rounds", "1", "--compare", "--output", "json");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(["flowlog"], run.Json.EnumerateArray().Select(r => r.GetProperty("way").GetString()!));
        Assert.Contains("DuckDB could not read these logs", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_an_error_that_names_it()
    {
        var run = await CliRun.Of("bench", _folder["nowhere"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(_folder["nowhere"], run.Error, StringComparison.Ordinal);
    }

    private static string Blobs(string logs) => Directory.GetDirectories(logs, "insights-logs-*").Single();

    private static void Plausible(JsonElement row)
    {
        foreach (var name in new[] { "bytes", "rows", "seconds", "mb_per_second", "rows_per_second", "parquet_bytes_per_row", "peak_mib" })
            Assert.True(row.GetProperty(name).GetDouble() > 0, name);
    }
}
