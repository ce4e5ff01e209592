using System.Text;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>
/// What goes to a terminal, whoever writes it and in whatever format: names in logs and inventories are written by others,
/// so nothing of them may move the cursor, colour or hide text, or set the title. A file or a pipe gets everything as it is.
/// </summary>
internal sealed class TerminalWriter : TextWriter
{
    private TerminalWriter(TextWriter raw)
        : base(raw.FormatProvider)
    {
        Raw = raw;
        CoreNewLine = raw.NewLine.ToCharArray();
    }

    /// <summary>For what this tool itself draws: colours, and a line that is written again.</summary>
    public TextWriter Raw { get; }

    public override Encoding Encoding => Raw.Encoding;

    public static TextWriter Over(TextWriter raw) => raw is TerminalWriter ? raw : new TerminalWriter(raw);

    /// <summary>The writer below, for text that has passed <see cref="CellText.Visible"/>.</summary>
    public static TextWriter RawOf(TextWriter writer) => writer is TerminalWriter terminal ? terminal.Raw : writer;

    public override void Write(char value) => Raw.Write(Safe(value.ToString()));

    public override void Write(string? value) => Raw.Write(Safe(value ?? ""));

    public override void Write(char[] buffer, int index, int count) => Raw.Write(Safe(new string(buffer, index, count)));

    public override void Write(ReadOnlySpan<char> buffer) => Raw.Write(Safe(buffer.ToString()));

    public override Task WriteAsync(char value) => Raw.WriteAsync(Safe(value.ToString()));

    public override Task WriteAsync(string? value) => Raw.WriteAsync(Safe(value ?? ""));

    public override Task WriteAsync(char[] buffer, int index, int count) => Raw.WriteAsync(Safe(new string(buffer, index, count)));

    public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default) =>
        Raw.WriteAsync(Safe(buffer.ToString()).AsMemory(), cancellationToken);

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override Task WriteLineAsync(string? value) => WriteAsync(value + NewLine);

    public override void Flush() => Raw.Flush();

    public override Task FlushAsync() => Raw.FlushAsync();

    public override Task FlushAsync(CancellationToken cancellationToken) => Raw.FlushAsync(cancellationToken);

    /// <summary>A tabulator only moves to the right; the carriage return of Windows stands before a line feed.</summary>
    private static string Safe(string text) => text.AsSpan().ContainsAny('\t', '\r')
        ? string.Join('\t', text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\t').Select(CellText.Visible))
        : CellText.Visible(text);
}
