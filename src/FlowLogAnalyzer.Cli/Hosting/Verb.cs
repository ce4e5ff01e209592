using System.CommandLine;

namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>A line that can be typed as it stands, and what it is good for.</summary>
internal sealed record Example(string CommandLine, string What);

/// <summary>A command whose help ends with examples.</summary>
internal sealed class Verb(string name, string description, params Example[] examples) : Command(name, description)
{
    public IReadOnlyList<Example> Examples { get; } = examples;

    /// <summary>Sets what the verb does; the function returns an <see cref="ExitCode"/>.</summary>
    public Verb Does(CliHost host, Func<Invocation, CancellationToken, Task<int>> run)
    {
        SetAction((parsed, ct) => Guard.RunAsync(new Invocation(host, parsed), run, ct));
        return this;
    }
}
