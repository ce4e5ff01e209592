using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Ingest;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>One line on standard error that is rewritten while an ingest runs; nothing at all when that is no terminal.</summary>
internal sealed class ProgressLine(CliHost host) : IProgress<IngestProgress>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly Lock _gate = new();
    private TimeSpan _shown = -Interval;
    private int _width;

    public void Report(IngestProgress value)
    {
        if (!host.ErrorIsTerminal)
            return;

        lock (_gate)
        {
            if (value.Elapsed - _shown < Interval)
                return;

            _shown = value.Elapsed;
            Show(Text(value));
        }
    }

    /// <summary>Wipes the line: what comes next stands alone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_width > 0)
                TerminalWriter.RawOf(host.Error).Write($"\r{new string(' ', _width)}\r");
            _width = 0;
        }
    }

    public static string Text(IngestProgress p)
    {
        var seconds = Math.Max(p.Elapsed.TotalSeconds, 0.001);
        var left = p.ListingDone && p.BytesRead > 0 && p.BytesListed > p.BytesRead
            ? $", {Span(TimeSpan.FromSeconds(seconds * (p.BytesListed - p.BytesRead) / p.BytesRead))} left"
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{p.BlobsDone} of {p.BlobsSeen}{(p.ListingDone ? "" : "+")} blobs, {p.BytesRead / seconds / 1e6:0.0} MB/s, {p.Tuples / seconds:0} tuples/s, {p.RowsCommitted} rows in the lake{left}");
    }

    private static string Span(TimeSpan span) => span.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes:00} min")
        : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}:{span.Seconds:00}");

    private void Show(string text)
    {
        TerminalWriter.RawOf(host.Error).Write($"\r{text}{new string(' ', Math.Max(0, _width - text.Length))}");
        _width = text.Length;
    }
}
