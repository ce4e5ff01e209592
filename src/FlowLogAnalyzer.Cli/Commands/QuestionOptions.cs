using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>--since</c>, <c>--until</c> and <c>--config</c>: which part of the lake a verb asks, and what is normal there.</summary>
internal sealed class QuestionOptions
{
    private readonly WindowOptions _window = new();
    private readonly ConfigurationOption _config = new();

    public void AddTo(Command command)
    {
        _window.AddTo(command);
        _config.AddTo(command);
    }

    public (DateTime? Since, DateTime? Until) Window(Invocation call) => _window.Read(call);

    /// <exception cref="CliException">There is no lake, or something in flowlog.json is wrong.</exception>
    public Task<LakeSession> OpenAsync(Invocation call, CancellationToken ct) => LakeSession.OpenAsync(call, _window.Read(call), ct, _config.Read(call));

    /// <summary>Without names for the addresses of the flows: naming all of them can take longer than a question that looks them up one by one.</summary>
    /// <exception cref="CliException">There is no lake, or something in flowlog.json is wrong.</exception>
    public Task<LakeSession> OpenUnnamedAsync(Invocation call, CancellationToken ct) =>
        LakeSession.OpenAsync(call, _window.Read(call), ct, _config.Read(call), options => options with { Resolve = null });
}
