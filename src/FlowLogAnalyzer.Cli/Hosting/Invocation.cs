using System.CommandLine;
using FlowLogAnalyzer.Cli.Output;

namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>One run of one verb: its options and where its output goes.</summary>
internal sealed class Invocation(CliHost host, ParseResult parsed)
{
    public CliHost Host { get; } = host;

    public string Lake => parsed.GetValue(GlobalOptions.Lake)!;

    /// <summary>The format asked for; null when the user left it to the verb.</summary>
    public OutputFormat? RequestedFormat =>
        parsed.GetResult(GlobalOptions.Output) is { Implicit: false } ? parsed.GetValue(GlobalOptions.Output) : null;

    public OutputFormat Format => RequestedFormat ?? OutputFormat.Table;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    public void Note(string text)
    {
        Host.Error.WriteLine(CellText.Visible(text));
        Host.Telemetry?.Note(text);
    }

    /// <summary>Why the run ends without having done what it was asked for.</summary>
    public void Fail(string text)
    {
        Host.Error.WriteLine(CellText.Visible($"flowlog: {text}"));
        Host.Telemetry?.Error(text);
    }

    /// <summary>A time as the user wrote it (<see cref="TimeExpression"/>), or null when the option is absent.</summary>
    public DateTime? Time(Option<string?> option)
    {
        var text = Get(option);
        if (text is null)
            return null;

        return TimeExpression.TryParse(text, Host.Clock.GetUtcNow().UtcDateTime, out var time)
            ? time
            : throw new UsageException($"{option.Name} does not understand '{text}': write {TimeExpression.Forms}.");
    }

    public Task WriteAsync(ResultSet rows, CancellationToken ct) => ResultWriter.WriteAsync(rows, Format, Host, ct);
}
