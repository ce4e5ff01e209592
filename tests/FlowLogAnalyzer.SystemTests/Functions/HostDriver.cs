using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Functions;

/// <summary>
/// Does for the handler what a Functions host does: takes messages out of a real queue and hands them over in one of the
/// wrappings a host was seen to use, deletes what was answered with 200, lets the rest come again, moves it to the poison
/// queue at its fifth failure, puts outputs into queues, and starts the handler again when it is gone.
/// </summary>
internal sealed class HostDriver : IAsyncDisposable
{
    private const int MaxDequeueCount = 5;

    private readonly string _connection;
    private readonly string _name;
    private readonly (string, string)[] _settings;
    private readonly SemaphoreSlim _restart = new(1, 1);
    private readonly List<HandlerProcess> _gone = [];
    private int _sent;

    private HostDriver(string connection, string name, (string, string)[] settings, HandlerProcess handler)
    {
        (_connection, _name, _settings, Handler) = (connection, name, settings, handler);
    }

    public HandlerProcess Handler { get; private set; }

    /// <summary>Invocations that were answered with 200, and those that were not.</summary>
    public (int Fine, int Failed) Count { get; private set; }

    public static async Task<HostDriver> StartAsync((string, string)[] settings)
    {
        var driver = new HostDriver(await Azurite.ConnectionStringAsync(), "q" + Guid.NewGuid().ToString("N")[..12], settings, await HandlerProcess.StartAsync(settings));
        foreach (var queue in new[] { "", "-poison", "-findings" })
            await driver.Queue(queue).CreateAsync();
        return driver;
    }

    /// <summary>As Event Grid does: base64 in the queue.</summary>
    public Task EnqueueAsync(string text, string queue = "") => Queue(queue).SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    /// <summary>Runs the queue trigger until nothing is left of the messages.</summary>
    /// <param name="killAt">Kills the handler in the middle of these rounds.</param>
    public async Task DrainAsync(params int[] killAt)
    {
        for (var round = 0; ; round++)
        {
            var messages = (await Queue("").ReceiveMessagesAsync(8, TimeSpan.FromSeconds(30))).Value;
            if (messages.Length == 0)
                return;

            var running = messages.Select(HandleAsync).ToList();
            if (killAt.Contains(round))
            {
                await Task.Delay(150);
                await Handler.KillAsync();
            }

            await Task.WhenAll(running);
        }
    }

    /// <summary>An invocation with whatever outputs it has, as the host would make it.</summary>
    public async Task<HostAnswer> InvokeAsync(string function, string body)
    {
        var answer = await Handler.InvokeAsync(function, body);
        Count = answer.Status == 200 ? (Count.Fine + 1, Count.Failed) : (Count.Fine, Count.Failed + 1);
        if (answer.Status != 200)
            return answer;

        foreach (var (binding, queue) in new[] { ("findings", "-findings"), ("again", "") })
        {
            if (answer.Json.GetProperty("Outputs").TryGetProperty(binding, out var messages))
                foreach (var message in messages.EnumerateArray())
                    await EnqueueAsync(message.GetRawText(), queue);
        }

        return answer;
    }

    public async Task<IReadOnlyList<JsonElement>> TextsAsync(string queue)
    {
        var found = new List<JsonElement>();
        while ((await Queue(queue).ReceiveMessagesAsync(32, TimeSpan.FromMinutes(5))).Value is { Length: > 0 } messages)
            found.AddRange(messages.Select(m => JsonDocument.Parse(Convert.FromBase64String(m.MessageText)).RootElement));
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var handler in _gone.Append(Handler))
            await handler.DisposeAsync();
        _restart.Dispose();
    }

    private QueueClient Queue(string suffix) => new(_connection, _name + suffix);

    private async Task HandleAsync(QueueMessage message)
    {
        var status = 0;
        try
        {
            status = (await InvokeAsync("IngestFromQueue", HostWrapping.Queue(Convert.FromBase64String(message.MessageText), Interlocked.Increment(ref _sent), message))).Status;
        }
        catch (HttpRequestException)
        {
            await RestartAsync();
        }

        if (status == 200 || message.DequeueCount >= MaxDequeueCount)
        {
            if (status != 200)
                await Queue("-poison").SendMessageAsync(message.MessageText);
            await Queue("").DeleteMessageAsync(message.MessageId, message.PopReceipt);
            return;
        }

        await Queue("").UpdateMessageAsync(message.MessageId, message.PopReceipt, message.MessageText, TimeSpan.Zero);
    }

    private async Task RestartAsync()
    {
        await _restart.WaitAsync();
        try
        {
            if (!Handler.Process.HasExited)
                return; // another invocation that it took along was here first
            _gone.Add(Handler);
            Handler = await HandlerProcess.StartAsync(_settings);
        }
        finally
        {
            _restart.Release();
        }
    }
}
