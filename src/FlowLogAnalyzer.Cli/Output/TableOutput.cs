using FlowLogAnalyzer.Cli.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>A table for eyes: the first rows only, since a table is drawn from its widest cells.</summary>
internal static class TableOutput
{
    public const int MaxRows = 1000;

    public static async Task WriteAsync(ResultSet rows, CliHost host, CancellationToken ct)
    {
        var shown = new List<IReadOnlyList<object?>>();
        long total = 0;
        await foreach (var row in rows.Rows.WithCancellation(ct))
        {
            if (total++ < MaxRows)
                shown.Add(row);
        }

        ConsoleFor(host).Write(Draw(rows.Columns, shown));
        await host.Error.WriteLineAsync(total switch
        {
            0 => "No rows.",
            1 => "1 row.",
            > MaxRows => $"{total} rows, the first {MaxRows} shown. Use --output csv or jsonl for all of them.",
            _ => $"{total} rows.",
        });
    }

    /// <summary>Standard output as a Spectre console: no wrapping at an invented width when it goes to a file.</summary>
    public static IAnsiConsole ConsoleFor(CliHost host)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(TerminalWriter.RawOf(host.Out)),
            Ansi = host.Colours ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = host.Colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = host.OutIsTerminal ? host.Width : 10_000;
        return console;
    }

    internal static Table Draw(IReadOnlyList<string> columns, List<IReadOnlyList<object?>> rows)
    {
        var table = new Table().Border(TableBorder.Simple).BorderStyle(Style.Plain);
        for (var i = 0; i < columns.Count; i++)
        {
            var column = new TableColumn(new Text(CellText.Visible(columns[i]))).PadLeft(0).PadRight(2);
            if (rows.Count > 0 && rows.TrueForAll(row => row[i] is null || CellText.IsNumber(row[i])))
                column.RightAligned();
            table.AddColumn(column);
        }

        foreach (var row in rows)
            table.AddRow(row.Select(cell => (IRenderable)new Text(CellText.Visible(CellText.Of(cell)))));

        return table;
    }
}
