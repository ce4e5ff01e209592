using System.Reflection;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Tests.Architecture;

/// <summary>docs/decisions/0001: one library, folders in order of dependency, each uses only those above it.</summary>
public class LayerTests
{
    private static readonly Assembly Library = typeof(IpAddressKey).Assembly;

    private static readonly string[] Order =
        [
        "Flows", "Parsing", "Blobs", "Telemetry", "Lake", "Ingest", "Nsg", "Inventory",
        "Query", "Network", "Replay", "Findings", "Incidents", "Fixes", "Reach", "Graphs", "Reports", "Triggers",
    ];

    [Fact]
    public void A_folder_uses_only_the_folders_above_it()
    {
        Assert.Empty(UpwardUses(Order));
    }

    [Fact]
    public void The_scan_sees_uses_that_are_there()
    {
        // The same check with the order turned round must complain: Lake holds rows made of Flows.
        Assert.Contains(UpwardUses([.. Order.Reverse()]), use => FolderOf(use.User) == "Lake" && FolderOf(use.Used) == "Flows");
    }

    [Fact]
    public void Every_folder_has_its_place_in_the_order()
    {
        var folders = Library.GetTypes().Select(FolderOf).Where(folder => folder is not null).Distinct();

        Assert.Empty(folders.Except(Order));
    }

    [Theory]
    [InlineData("Flows")]
    [InlineData("Parsing")]
    public void The_parser_uses_nothing_but_the_base_class_library(string folder)
    {
        var foreign = UsesOf(folder).Where(use => use.Used.Assembly != Library && !IsBaseClassLibrary(use.Used.Assembly));

        Assert.Empty(foreign);
    }

    [Fact]
    public void Some_folder_does_use_more_than_the_base_class_library()
    {
        Assert.Contains(Order.SelectMany(UsesOf), use => use.Used.Assembly != Library && !IsBaseClassLibrary(use.Used.Assembly));
    }

    [Theory]
    [InlineData("Flows")]
    [InlineData("Nsg")]
    public void Pure_folders_do_no_input_or_output(string folder)
    {
        Assert.DoesNotContain(UsesOf(folder), DoesInputOrOutput);
    }

    [Fact]
    public void Impure_folders_are_seen_as_such()
    {
        Assert.Contains(UsesOf("Lake"), DoesInputOrOutput);
    }

    private static List<TypeUse> UpwardUses(string[] order) => [.. order
        .SelectMany((folder, place) => UsesOf(folder).Where(use => FolderOf(use.Used) is { } used && Array.IndexOf(order, used) > place))];

    private static IEnumerable<TypeUse> UsesOf(string folder) =>
        TypeUseScanner.Scan(Library.GetTypes().Where(type => FolderOf(type) == folder));

    /// <summary>FlowLogAnalyzer.Lake.Delta.Commit is in the folder Lake; types of other assemblies are in none.</summary>
    private static string? FolderOf(Type type) =>
        type.Assembly == Library && type.Namespace?.Split('.') is ["FlowLogAnalyzer", var folder, ..] ? folder : null;

    private static bool IsBaseClassLibrary(Assembly assembly) =>
        Path.GetDirectoryName(assembly.Location) == Path.GetDirectoryName(typeof(object).Assembly.Location);

    private static bool DoesInputOrOutput(TypeUse use) =>
        use.Used.FullName is "System.IO.File" or "System.IO.Directory" or "System.IO.FileStream" or "System.IO.FileInfo" or "System.IO.DirectoryInfo"
            or "System.Console" or "System.Diagnostics.Process" or "System.Threading.Thread"
        || use.Used.Namespace is { } ns && (ns.StartsWith("System.Net.Http", StringComparison.Ordinal) || ns.StartsWith("System.Net.Sockets", StringComparison.Ordinal)
            || ns.StartsWith("Azure", StringComparison.Ordinal) || ns.StartsWith("DuckDB", StringComparison.Ordinal) || ns.StartsWith("Parquet", StringComparison.Ordinal));
}
