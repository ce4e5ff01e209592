using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>Which part of the lake a verb asks, what is normal there, and how much of the machine it may take.</summary>
/// <param name="offersServers">Whether a ClickHouse server can be asked instead of DuckDB.</param>
internal sealed class QuestionOptions(bool offersServers = false)
{
    private readonly WindowOptions _window = new();
    private readonly ConfigurationOption _config = new();
    private readonly EngineOptions _engine = new(offersServers);

    public void AddTo(Command command)
    {
        _window.AddTo(command);
        _config.AddTo(command);
        _engine.AddTo(command);
    }

    public (DateTime? Since, DateTime? Until) Window(Invocation call) => _window.Read(call);

    /// <exception cref="CliException">There is no lake, or something in flowlog.json is wrong.</exception>
    public Task<LakeSession> OpenAsync(Invocation call, CancellationToken ct) => LakeSession.OpenAsync(call, _window.Read(call), ct, _config.Read(call), _engine.Read(call).Apply);

    /// <summary>Without names for the addresses of the flows: naming all of them can take longer than a question that looks them up one by one.</summary>
    /// <exception cref="CliException">There is no lake, or something in flowlog.json is wrong.</exception>
    public Task<LakeSession> OpenUnnamedAsync(Invocation call, CancellationToken ct) =>
        LakeSession.OpenAsync(call, _window.Read(call), ct, _config.Read(call), options => _engine.Read(call).Apply(options) with { Resolve = null });
}
