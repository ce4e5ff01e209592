using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>Which part of the lake a verb asks, what is normal there, and how much of the machine it may take.</summary>
/// <param name="offersServers">Whether a ClickHouse server can be asked instead of DuckDB.</param>
/// <param name="needsRows">Whether an answer is worth nothing when there is nothing to look at: exit code 5, unless --allow-empty is given.</param>
internal sealed class QuestionOptions(bool offersServers = false, bool needsRows = true)
{
    private readonly WindowOptions _window = new();
    private readonly ConfigurationOption _config = new();
    private readonly EngineOptions _engine = new(offersServers);
    private readonly EmptyOption _empty = new();

    public void AddTo(Command command)
    {
        _window.AddTo(command);
        _config.AddTo(command);
        _engine.AddTo(command);
        if (needsRows)
            _empty.AddTo(command);
    }

    public (DateTime? Since, DateTime? Until) Window(Invocation call) => _window.Read(call);

    /// <exception cref="CliException">There is no lake, or something in flowlog.json is wrong.</exception>
    public Task<LakeWindow> OpenAsync(Invocation call, CancellationToken ct) => OpenAsync(call, _engine.Read(call).Apply, ct);

    /// <summary>Without names for the addresses of the flows: naming all of them can take longer than a question that looks them up one by one.</summary>
    /// <exception cref="CliException">There is no lake, or something in flowlog.json is wrong.</exception>
    public Task<LakeWindow> OpenUnnamedAsync(Invocation call, CancellationToken ct) => OpenAsync(call, options => _engine.Read(call).Apply(options) with { Resolve = null }, ct);

    public bool AllowsEmpty(Invocation call) => _empty.IsAllowed(call);

    /// <inheritdoc cref="EmptyOption.Code"/>
    public int Code(Invocation call, string? nothing, int code = ExitCode.Fine) => _empty.Code(call, nothing, code);

    private async Task<LakeWindow> OpenAsync(Invocation call, Func<LakeDatabaseOptions, LakeDatabaseOptions> engine, CancellationToken ct)
    {
        var window = await LakeSession.OpenAsync(call, _window.Read(call), ct, _config.Read(call), engine);
        if (!needsRows && window.LookedAt.NoRows is { } nothing)
            call.Note(nothing);
        return window;
    }
}
