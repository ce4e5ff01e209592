using System.CommandLine;
using FlowLogAnalyzer.Cli.Capture;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog inventory</c>: what the cluster and its network were, and when.</summary>
internal static class InventoryCommands
{
    private static readonly Argument<string[]> Paths = new("PATH") { Description = "Files or folders with kubectl or az exports (JSON).", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<string?> AsOf = new("--as-of")
    {
        Description = "When the exports were made; default: the name of a folder like 20261120T093000Z above the file, else the file's time.",
        HelpName = "TIME",
    };

    private static readonly Option<DirectoryInfo> To = new("--out")
    {
        Description = "Folder that keeps the exports; default: ./inventory.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo("./inventory"),
    };

    private static readonly Option<bool> Snapshots = new("--snapshots") { Description = "Only the snapshots: when each was taken, its age, and what it holds." };

    public static Command Create(CliHost host) => new("inventory", "What the cluster and its network are: nodes, pods, services, load balancers, NSGs.")
    {
        Import(host),
        CaptureNow(host),
        Show(host),
    };

    private static Verb Import(CliHost host)
    {
        var verb = new Verb("import", "Reads kubectl and az exports into the lake as a snapshot; files are told apart by their content.",
            new("flowlog inventory import ./exports", "Everything in a folder, as of the files' times."),
            new("flowlog inventory import nodes.json nsgs.json --as-of 2026-11-20T09:30Z", "Two files, as of a time."));
        verb.Arguments.Add(Paths);
        verb.Options.Add(AsOf);
        return verb.Does(host, async (call, ct) =>
        {
            var (rows, refused) = await ImportAsync(call, call.Get(Paths)!, call.Time(AsOf), ct);
            await call.WriteAsync(rows, ct);
            return refused > 0 ? ExitCode.Rejects : ExitCode.Fine;
        });
    }

    private static Verb CaptureNow(CliHost host)
    {
        var verb = new Verb("capture", "Asks kubectl and az (those on the PATH, with the context and subscription they are set to) and imports their answers.",
            new("flowlog inventory capture", "A snapshot of now, kept in ./inventory."),
            new("flowlog inventory capture --out /var/lib/flowlog/inventory --lake /var/lib/flowlog/lake", "For a timer: every snapshot in a folder of its own."));
        verb.Options.Add(To);
        return verb.Does(host, CaptureAsync);
    }

    private static Verb Show(CliHost host)
    {
        var verb = new Verb("show", "Says when the cluster was looked at, what the lake knows of it, and what is missing and what that costs.",
            new("flowlog inventory show", "What is known."),
            new("flowlog inventory show --output json --lake ./demo/lake", "The same for a script."),
            new("flowlog inventory show --snapshots --output json", "When the snapshots were taken, and how old they are."));
        verb.Options.Add(Snapshots);
        return verb.Does(host, async (call, ct) =>
        {
            var documents = await new InventoryStore(await call.OpenLakeAsync(ct)).LoadAsync(ct);
            var inventory = ClusterInventory.Build(documents);
            if (call.Get(Snapshots) || call.Format == OutputFormat.Table)
                await call.WriteAsync(Taken(documents, call.Host.Clock.GetUtcNow().UtcDateTime), ct);
            if (!call.Get(Snapshots))
                await call.WriteAsync(Known(inventory), ct);
            foreach (var note in inventory.Notes)
                call.Note(note.Text);
            return ExitCode.Fine;
        });
    }

    public static async Task<(ResultSet Rows, int Refused)> ImportAsync(Invocation call, IEnumerable<string> paths, DateTime? asOf, CancellationToken ct)
    {
        var import = InventoryImporter.Import(paths, asOf);
        foreach (var text in import.Notes)
            call.Note(text.Text);
        if (import.Documents.Count == 0)
            throw new CliException($"None of the {import.Files} files holds anything that can be used. Export it with: kubectl get nodes,services,endpointslices,pods,ingresses -A -o json, and: az network nsg list -o json.");

        await new InventoryStore(await call.OpenOrMakeLakeAsync(ct)).SaveAsync(import.Documents, ct);
        return (ResultSet.Of(["kind", "imported"], import.Counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (IReadOnlyList<object?>)[c.Key, c.Value])), import.Refused);
    }

    private static async Task<int> CaptureAsync(Invocation call, CancellationToken ct)
    {
        var (kubectl, az) = (ExternalTool.Find("kubectl", call.Host), ExternalTool.Find("az", call.Host));
        if (kubectl is null && az is null)
            throw new CliException("Neither kubectl nor az is on the PATH. Install one, or export on another machine and use: flowlog inventory import PATH");

        foreach (var missing in new[] { kubectl is null ? "kubectl" : null, az is null ? "az" : null }.OfType<string>())
            call.Note($"{missing} is not on the PATH: what only it knows stays unknown.");

        var now = call.Host.Clock.GetUtcNow().UtcDateTime;
        var folder = Path.Combine(call.Get(To)!.ToString(), now.ToString("yyyyMMdd'T'HHmmss'Z'", null));
        var capture = new InventoryCapture(kubectl, az, folder, call.Note);
        await capture.RunAsync(ct);
        if (!capture.Runs.Any(run => run.Succeeded))
            throw new CliException("Nothing was captured. Log in with `az login` and set a kubectl context, then run the command again.");

        var (rows, refused) = await ImportAsync(call, [folder], now, ct);
        await call.WriteAsync(rows, ct);
        call.Note($"The answers are kept in {folder}.");
        return !capture.Runs.All(run => run.Succeeded) ? ExitCode.Failed : refused > 0 ? ExitCode.Rejects : ExitCode.Fine;
    }

    /// <summary>One row per snapshot, the newest first.</summary>
    private static ResultSet Taken(IReadOnlyList<InventoryDocument> documents, DateTime now) => ResultSet.Of(
        ["snapshot", "age_days", "entities", "kinds"],
        documents.GroupBy(d => d.AsOf).OrderByDescending(g => g.Key).Select(g => (IReadOnlyList<object?>)
            [g.Key, Math.Round((now - g.Key).TotalDays, 1), g.Count(), string.Join(", ", g.Select(d => d.Kind).Distinct().Order(StringComparer.Ordinal))]));

    private static ResultSet Known(ClusterInventory inventory) => ResultSet.Of(
        ["table", "rows", "meaning"],
        inventory.Tables.Select(t => (IReadOnlyList<object?>)[t.Shape.Name, t.Rows.Count, t.Shape.Meaning]));
}
