using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Triggers;
using FlowLogAnalyzer.Triggers.Events;
using FlowLogAnalyzer.Triggers.Queues;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog worker</c>: one of any number of processes that share the work of a queue or an event hub.</summary>
internal static class WorkerCommand
{
    private static readonly Option<string?> Queue = new("--queue")
    {
        Description = "A storage queue with blob events or work items: its address, or its name in the account of the connection string.",
        HelpName = "QUEUE",
    };

    private static readonly EventHubOptions Hub = new("--eventhub", "Instead of a queue: an event hub with blob events.");

    private static readonly Option<string[]> Sources = new("--source")
    {
        Description = "A container, or a folder, that may be read; events about other places are rejected. May be given more than once.",
        HelpName = "PLACE",
        Required = true,
    };

    private static readonly Option<int> Held = Number("--held", 256, 1, 4096, "With a queue: messages held at a time; those of one moment share a commit");

    private static readonly Option<int> Hold = Number("--hold", 60, 3, 3600, "With a queue: seconds until a message of a worker that died is given to another one");

    private static readonly Option<int> Deliveries = Number("--deliveries", 5, 1, 1000, "With a queue: attempts before a message goes to the queue's poison queue");

    private static readonly Option<int> Every = Number("--every", 60, 1, 86_400, "Seconds between lines about what was done");

    public static Command Create(CliHost host)
    {
        var verb = new Verb("worker", "Takes work from a queue or an event hub that any number of workers share, and commits to one lake: blobs that have grown, and compactions.",
            new("flowlog worker --queue https://ACCOUNT.queue.core.windows.net/flowlog-ingest --source https://ACCOUNT.blob.core.windows.net/insights-logs-flowlogflowevent --lake https://ACCOUNT.blob.core.windows.net/flowlog/lake", "As many of these as it takes, on as many machines."),
            new("flowlog worker --eventhub NAMESPACE/HUB --source https://ACCOUNT.blob.core.windows.net/insights-logs-flowlogflowevent", "Workers of one --consumer-group share the partitions of the hub."),
            new("flowlog worker --queue flowlog-ingest --source ./insights-logs-flowlogflowevent --connection-string UseDevelopmentStorage=true --output jsonl", "With the emulator; a JSON line per minute."));
        foreach (var option in new Option[] { Queue, Sources, Held, Hold, Deliveries, Every })
            verb.Options.Add(option);
        Hub.AddTo(verb);
        verb.Options.Add(FromEventHub.Group);
        return verb.Does(host, RunAsync);
    }

    private static async Task<int> RunAsync(Invocation call, CancellationToken stop)
    {
        var (queue, hub) = (call.Get(Queue), Hub.Address(call));
        if (queue is null == hub is null)
            throw new UsageException("A worker takes its work from one place: give --queue or --eventhub.");
        if (queue is null && new Option[] { Held, Hold, Deliveries }.FirstOrDefault(call.IsGiven) is { } stray)
            throw new UsageException($"{stray.Name} is for --queue; an event hub hands out partitions, not messages.");

        var roots = FromEventHub.Roots(call.Get(Sources)!, call.Access);
        var lake = await call.OpenOrMakeLakeAsync(stop);
        await using var lane = new IngestWorker(new IngestWorkerOptions(new IngestOptions(lake) { Time = call.Host.Clock }.ForRemoteSources(), roots));
        using var readings = new MeterReadings();
        using var ended = new CancellationTokenSource();
        var telling = TellAsync(call, readings, ended.Token);
        try
        {
            await (hub is null ? QueueAsync(call, queue!, lane, lake, stop) : HubAsync(call, hub, lane, lake, stop));
        }
        finally
        {
            await ended.CancelAsync();
            await telling;
        }

        return ExitCode.Fine;
    }

    private static async Task QueueAsync(Invocation call, string place, IngestWorker lane, FlowLake lake, CancellationToken stop)
    {
        var queue = Open(call, place, TimeSpan.FromSeconds(call.Get(Hold)));
        using var handler = new WorkHandler(lane, lake, call.Host.Clock);
        var worker = new QueueWorker(queue, handler, new QueueWorkerOptions
        {
            Time = call.Host.Clock,
            MostHeld = call.Get(Held),
            MostDeliveries = call.Get(Deliveries),
            Grace = CommandLineTool.Grace,
            OnProblem = call.Note,
        });
        Begin(call, queue.Name, lake);
        await worker.RunAsync(stop);
    }

    private static async Task HubAsync(Invocation call, EventHubAddress address, IngestWorker lane, FlowLake lake, CancellationToken stop)
    {
        await using var source = EventHubOptions.Open(() => EventHubs.OpenSource(address, call.Get(FromEventHub.Group)!, Hub.Access(call)));
        Begin(call, source.Name, lake);
        await new BlobEventLoop(source, lane, new BlobEventOptions { Time = call.Host.Clock, Follow = true, Grace = CommandLineTool.Grace, OnNote = call.Note }).RunAsync(stop);
    }

    private static void Begin(Invocation call, string work, FlowLake lake) =>
        call.Note($"Working on '{work}' for {lake.Location}. Ctrl+C ends it; what was begun is committed first.");

    /// <exception cref="CliException">It is no queue.</exception>
    public static StorageQueueSource Open(Invocation call, string place, TimeSpan hold)
    {
        try
        {
            return StorageQueueSource.Open(place, call.Access, hold);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new CliException(e.Message, e);
        }
    }

    /// <summary>A line every so often, and a last one.</summary>
    private static async Task TellAsync(Invocation call, MeterReadings readings, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            var started = call.Host.Clock.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(call.Get(Every)), call.Host.Clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var status = new WorkerStatus(call.Host.Clock.GetUtcNow().UtcDateTime, call.Host.Clock.GetElapsedTime(started).TotalSeconds, readings.Take());
            call.Note(status.Line());
            if (call.RequestedFormat is OutputFormat.Json or OutputFormat.JsonLines)
            {
                await call.Host.Out.WriteLineAsync(JsonLine(status));
                await call.Host.Out.FlushAsync(CancellationToken.None);
            }
        }
    }

    private static string JsonLine(WorkerStatus status)
    {
        using var stream = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(stream))
            status.Write(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Option<int> Number(string name, int usual, int least, int most, string description) => new Option<int>(name)
    {
        Description = $"{description}; default: {usual}.",
        HelpName = "N",
        DefaultValueFactory = _ => usual,
    }.AcceptOnlyFrom(least, most);
}
