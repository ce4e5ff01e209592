namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>kubectl and az are small shell scripts here that answer as the real ones do; everything else is real.</summary>
public class InventoryCaptureTests
{
    private const string Kubectl = """
        #!/bin/sh
        cat <<'JSON'
        {"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Node","metadata":{"name":"aks-user-12345678-vmss000000","uid":"1",
        "creationTimestamp":"2026-11-01T00:00:00Z","labels":{"agentpool":"user"}},"spec":{},"status":{"addresses":[{"type":"InternalIP","address":"10.10.3.4"}]}}]}
        JSON
        """;

    private const string Az = """
        #!/bin/sh
        case "$*" in
          "vmss list -o json") echo '[{"name":"aks-user-12345678-vmss","resourceGroup":"mc_rg","location":"westeurope"}]' ;;
          "network vnet list -o json") echo '[{"name":"vnet","resourceGroup":"rg","location":"westeurope","type":"Microsoft.Network/virtualNetworks","id":"/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet","addressSpace":{"addressPrefixes":["10.10.0.0/16"]},"subnets":[]}]' ;;
          "network lb list -o json") echo 'ERROR: no rights on lb' >&2; exit 1 ;;
          *) echo '[]' ;;
        esac
        echo "$*" >> "$AZ_LOG"
        """;

    [Fact]
    public async Task Asks_both_tools_keeps_their_answers_and_imports_them()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The stand-ins for kubectl and az are shell scripts.");
        using var folder = new TempFolder();
        var run = await Capture(folder, Kubectl, Az);

        Assert.Equal(2, run.ExitCode); // one of the questions could not be answered
        Assert.Contains("network lb list -o json: ERROR: no rights on lb", run.Error, StringComparison.Ordinal);
        var kept = Directory.GetFiles(folder["inventory"], "*.json", SearchOption.AllDirectories).Select(Path.GetFileName).ToList();
        Assert.Contains("kubernetes.json", kept);
        Assert.DoesNotContain("lb.json", kept);
        var asked = await File.ReadAllLinesAsync(folder["az.log"], TestContext.Current.CancellationToken);
        Assert.Contains("vmss nic list -g mc_rg --vmss-name aks-user-12345678-vmss -o json", asked);
        Assert.Contains("network watcher flow-log list --location westeurope -o json", asked);
        Assert.Contains(run.Json.EnumerateArray(), row => row.GetProperty("kind").GetString() == "node" && row.GetProperty("imported").GetInt32() == 1);

        var show = await CliRun.Of("inventory", "show", "--lake", folder["lake"], "--output", "json");
        Assert.Contains(show.Json.EnumerateArray(), row => row.GetProperty("table").GetString() == "nodes" && row.GetProperty("rows").GetInt32() == 1);
    }

    [Fact]
    public async Task Without_either_tool_it_says_what_to_do()
    {
        using var folder = new TempFolder();
        var run = await Capture(folder, null, null);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Neither kubectl nor az is on the PATH", run.Error, StringComparison.Ordinal);
    }

    private static Task<CliRun> Capture(TempFolder folder, string? kubectl, string? az)
    {
        Directory.CreateDirectory(folder["bin"]);
        foreach (var (name, script) in new[] { ("kubectl", kubectl), ("az", az) })
        {
            if (script is not null && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder.Write($"bin/{name}", script.ReplaceLineEndings("\n")), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var path = kubectl is null ? folder["bin"] : $"{folder["bin"]}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        return CliRun.Of(
            ["inventory", "capture", "--out", folder["inventory"], "--lake", folder["lake"], "--output", "json"],
            null,
            ("PATH", path), ("AZ_LOG", folder["az.log"]));
    }
}
