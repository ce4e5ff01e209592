using System.Text;
using FlowLogAnalyzer.Triggers.Events;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>The next refused flows, as many as an answer holds, and up to which time of the logs they reach.</summary>
internal sealed class DeniedFlowPage
{
    private readonly ExportMark _mark;

    private DeniedFlowPage(ExportMark mark, IReadOnlyList<string> events, DateTime until) => (_mark, Events, Until) = (mark, events, until);

    public IReadOnlyList<string> Events { get; }

    /// <summary>UTC.</summary>
    public DateTime Until { get; }

    public static async Task<DeniedFlowPage> ReadAsync(Services services, int maxBytes, CancellationToken ct)
    {
        var mark = new ExportMark(services.Lake, "denied flows to the event hub binding", services.Time);
        var until = services.Time.GetUtcNow().UtcDateTime - DeniedFlowEvents.Settled;
        var since = await mark.ReadAsync(ct) ?? until.AddHours(-services.Settings.CheckHours);
        await services.Engine.WaitAsync(ct);
        try
        {
            using var window = await services.OpenWindowAsync(since, until, ct);
            return Fill(mark, DeniedFlowEvents.Read(window.Database), until, maxBytes);
        }
        finally
        {
            services.Engine.Release();
        }
    }

    /// <summary>The next answer goes on from this one's end.</summary>
    public ValueTask SaveAsync(CancellationToken ct) => _mark.WriteAsync(Until, ct);

    /// <summary>Flows of one moment are not torn apart: the mark is a time, and would leave the others out.</summary>
    private static DeniedFlowPage Fill(ExportMark mark, IEnumerable<DeniedFlow> flows, DateTime until, int maxBytes)
    {
        var (events, bytes, last) = (new List<string>(), 0, default(DateTime));
        foreach (var flow in flows)
        {
            if (bytes >= maxBytes && flow.FirstSeen > last)
                return new DeniedFlowPage(mark, events, flow.FirstSeen);
            bytes += flow.Event.Body.Length;
            last = flow.FirstSeen;
            events.Add(Encoding.UTF8.GetString(flow.Event.Body.Span));
        }

        return new DeniedFlowPage(mark, events, until);
    }
}
