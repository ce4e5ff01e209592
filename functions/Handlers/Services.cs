using FlowLogAnalyzer.Functions.Hosting;
using FlowLogAnalyzer.Hosting;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>What the functions share: one lake and one lane for ingests.</summary>
internal sealed class Services : IAsyncDisposable
{
    private Services(HandlerSettings settings, FlowLake lake, SourceRoots sources)
    {
        Settings = settings;
        Lake = lake;
        Sources = sources;
        Ingest = new IngestOptions(lake) { Time = Time };
        Worker = new IngestWorker(new IngestWorkerOptions(Ingest, sources) { GroupTimeout = settings.Deadline });
        Handler = new WorkHandler(Worker, lake, Time);
    }

    public HandlerSettings Settings { get; }
    public FlowLake Lake { get; }
    public SourceRoots Sources { get; }
    public IngestOptions Ingest { get; }
    public IngestWorker Worker { get; }
    public WorkHandler Handler { get; }
    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>Where lines for people go besides the host's log; null = nowhere.</summary>
    public TelemetryExport? Telemetry { get; init; }

    /// <summary>Queries and checks are memory-hungry: one at a time, the others wait.</summary>
    public SemaphoreSlim Engine { get; } = new(1, 1);

    public static async Task<Services> OpenAsync(HandlerSettings settings, TelemetryExport? telemetry = null)
    {
        var lake = await FlowLake.OpenAsync(settings.Lake, new LakeOptions { Access = settings.Access, OnWarning = Console.WriteLine });
        return new Services(settings, lake, new SourceRoots(settings.Sources, settings.Access)) { Telemetry = telemetry };
    }

    /// <summary>The lake as every function asks it: with the flowlog.json in it, within the memory that the plan's instances leave.</summary>
    public ValueTask<LakeWindows> LoadLakeAsync(CancellationToken ct) =>
        LakeWindows.LoadAsync(Lake, new LakeSettings { Engine = options => options with { MemoryLimitMegabytes = Settings.MemoryMegabytes, CapsMemory = true }, Time = Time }, ct);

    public async Task<LakeWindow> OpenWindowAsync(DateTime? since, DateTime? until, CancellationToken ct) => await (await LoadLakeAsync(ct)).WindowAsync(since, until, ct);

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        Handler.Dispose();
        Engine.Dispose();
    }
}
