using System.CommandLine;
using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Analysis.Configuration;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>What the verbs that ask rules have in common: the window, flowlog.json and service tags.</summary>
internal sealed class EngineOptionSet
{
    private readonly WindowOptions _window = new();
    private readonly ConfigurationOption _config = new();
    private readonly TagsOption _tags = new();

    public void AddTo(Command command)
    {
        _window.AddTo(command);
        _config.AddTo(command);
        _tags.AddTo(command);
    }

    public EngineRequest Read(Invocation call) => new(_window.Read(call), _config.Read(call), _tags.Read(call));
}

/// <summary>What <see cref="EngineOptionSet"/> was given.</summary>
internal sealed record EngineRequest((DateTime? Since, DateTime? Until) Window, FlowLogConfiguration Configuration, NetworkModelOptions Model)
{
    public Task<LakeSession> OpenAsync(Invocation call, CancellationToken ct) => LakeSession.OpenAsync(call.Lake, Window, call.Note, ct, Configuration);

    /// <summary>A check for these findings, with the thresholds and suppressions of flowlog.json.</summary>
    public CheckOptions Check(Invocation call, IReadOnlyList<string> only) => new() { Only = only, Configuration = Configuration, Now = call.Host.Clock.GetUtcNow().UtcDateTime };
}
