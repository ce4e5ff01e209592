using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Reports;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>Lakes that lack something, made once: of a few minutes of the lab, and files that lack something too.</summary>
public sealed class EmptyLakes : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>What {0}, {1}, … of a command line stand for; the order is that of <see cref="Names"/>.</summary>
    public string Command(string line) => Names.Aggregate(line, (text, name) => text.Replace($"{{{name}}}", _folder[name], StringComparison.Ordinal));

    private static readonly string[] Names = ["whole", "logs-only", "inventory-only", "nodes-only", "nowhere", "files", "lab"];

    public async ValueTask InitializeAsync()
    {
        LabRunner.Write(LabScenarios.Find("client-denied")!, new LabOptions { Minutes = 3 }, _folder["lab"]);
        var documents = InventoryImporter.Import([_folder["lab/inventory"]]).Documents;
        await ReportLake.FillAsync(_folder["whole"], _folder["lab"]);
        Copy("logs-only", "tuples");
        Copy("nodes-only", "tuples");
        await new InventoryStore(await FlowLake.OpenAsync(_folder["nodes-only"])).SaveAsync([.. documents.Where(d => d.Kind == "node")]);
        Copy("inventory-only", "inventory");
        Write("none.json", "{}");
        Write("list.json", "[]");
        Write("other-kind.json", """[{"id":"/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/ip","name":"ip","ipAddress":"20.1.2.3","type":"Microsoft.Network/publicIPAddresses"}]""");
        Write("other-nsg.json", """
            [{"id":"/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg-elsewhere","name":"nsg-elsewhere",
              "type":"Microsoft.Network/networkSecurityGroups","securityRules":[],"defaultSecurityRules":[]}]
            """);
        Write("text.json", "no JSON");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(_folder["files"]);
        File.WriteAllText(Path.Combine(_folder["files"], name), text);
    }

    /// <summary>A lake of one table of the whole one.</summary>
    private void Copy(string lake, string table)
    {
        var from = _folder[$"whole/{table}"];
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(_folder[lake], table, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }
}
