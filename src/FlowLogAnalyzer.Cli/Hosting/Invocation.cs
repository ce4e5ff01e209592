using System.CommandLine;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>One run of one verb: its options, its lake and where its output goes.</summary>
internal sealed class Invocation(CliHost host, ParseResult parsed, string? lake = null)
{
    private readonly string _lake = lake ?? parsed.GetValue(GlobalOptions.Lake)!;

    public CliHost Host { get; } = host;

    /// <summary>The lake as the user named it, to be typed again: without the signature that an address may carry.</summary>
    public string LakeName => StorageLocation.WithoutSignature(_lake);

    /// <summary>The format asked for; null when the user left it to the verb.</summary>
    public OutputFormat? RequestedFormat =>
        parsed.GetResult(GlobalOptions.Output) is { Implicit: false } ? parsed.GetValue(GlobalOptions.Output) : null;

    public OutputFormat Format => RequestedFormat ?? OutputFormat.Table;

    /// <summary>How storage is reached.</summary>
    public StorageAccess Access => Get(GlobalOptions.ConnectionString) is { Length: > 0 } text ? new StorageAccess { ConnectionString = text } : new StorageAccess();

    /// <summary>The same run over another lake.</summary>
    public Invocation On(string lake) => new(Host, parsed, lake);

    /// <summary>The lake, to read it or to look after it: it must exist.</summary>
    public ValueTask<FlowLake> OpenLakeAsync(CancellationToken ct) => OpenLakeAsync(mustExist: true, ct);

    /// <summary>The lake, to write into it: it is made when it does not exist.</summary>
    public ValueTask<FlowLake> OpenOrMakeLakeAsync(CancellationToken ct) => OpenLakeAsync(mustExist: false, ct);

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

    private async ValueTask<FlowLake> OpenLakeAsync(bool mustExist, CancellationToken ct)
    {
        try
        {
            return await FlowLake.OpenAsync(_lake, new LakeOptions { MustExist = mustExist, Time = Host.Clock, OnWarning = Note, Access = Access }, ct);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new CliException(e.Message, e);
        }
    }
}
