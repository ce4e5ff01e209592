using System.Text;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Hosting;

namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>Everything of the outside world that a command may touch.</summary>
internal sealed record CliHost
{
    /// <summary>Data, and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Progress, warnings, hints.</summary>
    public required TextWriter Error { get; init; }

    public required Func<Stream> OpenInput { get; init; }

    public required TimeProvider Clock { get; init; }

    public required Func<string, string?> Variable { get; init; }

    public required bool OutIsTerminal { get; init; }

    public required bool ErrorIsTerminal { get; init; }

    public required int Width { get; init; }

    /// <summary>Where notes and errors go besides standard error; null = nowhere.</summary>
    public TelemetryExport? Telemetry { get; init; }

    /// <summary>See https://no-color.org: any value but the empty one switches colours off.</summary>
    public bool Colours => OutIsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR"));

    public static CliHost OfThisProcess() => new()
    {
        // UTF-8 without a byte order mark: what other tools read from a pipe.
        Out = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16) { NewLine = "\n" },
        Error = Console.Error,
        OpenInput = Console.OpenStandardInput,
        Clock = TimeProvider.System,
        Variable = Environment.GetEnvironmentVariable,
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Width = TerminalWidth(),
    };

    /// <summary>The same, with terminals that are told nothing but text.</summary>
    public CliHost Guarded() => this with
    {
        Out = OutIsTerminal ? TerminalWriter.Over(Out) : Out,
        Error = ErrorIsTerminal ? TerminalWriter.Over(Error) : Error,
    };

    private static int TerminalWidth()
    {
        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth < 40 ? 100 : Console.WindowWidth;
        }
        catch (IOException)
        {
            return 100; // a terminal that does not tell its size
        }
    }
}
