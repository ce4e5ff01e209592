using System.CommandLine;
using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>Which engine, and how much of the machine it may use; null = the library's own measure.</summary>
internal sealed record EngineLimits(int? MemoryMegabytes, int? Threads, string? TempDirectory, ClickHouseOptions? Server = null)
{
    public static EngineLimits Default { get; } = new(null, null, null);

    public LakeDatabaseOptions Apply(LakeDatabaseOptions options) => options with
    {
        MemoryLimitMegabytes = MemoryMegabytes ?? options.MemoryLimitMegabytes,
        CapsMemory = true,
        Threads = Threads ?? options.Threads,
        TempDirectory = TempDirectory ?? options.TempDirectory,
        ClickHouse = Server,
    };
}

/// <summary><c>--engine</c> with what belongs to it, <c>--memory-limit</c>, <c>--threads</c> and <c>--temp-dir</c>.</summary>
/// <param name="offersServers">False for a verb that works with DuckDB only.</param>
internal sealed class EngineOptions(bool offersServers)
{
    /// <summary>Below, not even a row group of the lake fits.</summary>
    private const int LeastMegabytes = 128;

    private static readonly (string Unit, double Bytes)[] Units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("GB", 1e9), ("MB", 1e6)];

    private readonly ServerOptions _server = new(offersServers);

    private readonly Option<string?> _memory = new("--memory-limit")
    {
        Description = "Most memory of the query engine, such as 4GB or 512MiB; what does not fit goes to disk. Default: 2GiB.",
        HelpName = "SIZE",
    };

    private readonly Option<int?> _threads = new Option<int?>("--threads") { Description = "Threads of the query engine; default: one per core.", HelpName = "N" }.AcceptOnlyFrom(1, 4096);

    private readonly Option<DirectoryInfo?> _temp = new("--temp-dir") { Description = "Folder below which what does not fit into memory goes, into a folder of its own; default: the system's.", HelpName = "DIR" };

    public void AddTo(Command command)
    {
        _server.AddTo(command);
        foreach (var option in new Option[] { _memory, _threads, _temp })
            command.Options.Add(option);
    }

    public EngineLimits Read(Invocation call)
    {
        var server = _server.Read(call);
        if (server is not null && new Option[] { _memory, _temp }.FirstOrDefault(call.IsGiven) is { } own)
            throw new UsageException($"{own.Name} is about DuckDB; a server keeps to its own limits.");

        return new(
            call.Get(_memory) is { } size ? Megabytes(size) : null,
            call.Get(_threads),
            call.Get(_temp)?.FullName,
            server);
    }

    private static int Megabytes(string size)
    {
        var (unit, bytes) = Array.Find(Units, u => size.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase));
        if (unit is null || !double.TryParse(size.AsSpan(0, size.Length - unit.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number))
            throw new UsageException($"--memory-limit takes a size such as 4GB or 512MiB, not '{size}'.");

        var megabytes = number * bytes / (1 << 20);
        return megabytes is >= LeastMegabytes and <= int.MaxValue
            ? (int)megabytes
            : throw new UsageException($"--memory-limit must be at least {LeastMegabytes}MiB; '{size}' is not.");
    }
}
