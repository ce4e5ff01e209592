using System.Globalization;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FlowLogAnalyzer.Blobs.Remote;

namespace FlowLogAnalyzer.Triggers.Queues;

/// <summary>
/// A queue of Azure Storage. What cannot be done goes to <c>NAME-poison</c>, as with the Functions host, as JSON with the
/// reason and the message; a message from there may be put back as it is.
/// </summary>
public sealed class StorageQueueSource(QueueClient queue, QueueClient poison, TimeSpan hold) : IWorkSource
{
    /// <summary>The service gives no more at a time (REST API, "Get Messages").</summary>
    private const int MostAtOnce = 32;
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    public string Name => queue.Name;

    public TimeSpan Hold => hold;

    private QueueClient Queue => queue;

    private QueueClient Poison => poison;

    /// <param name="place">A queue's name in the account of the connection string, or its address.</param>
    /// <param name="access">How storage is reached.</param>
    /// <param name="hold">How long a message is held unless it is renewed; 1 second to 7 days.</param>
    /// <exception cref="ArgumentException">The name or address cannot be used; the message says what is expected.</exception>
    public static StorageQueueSource Open(string place, StorageAccess access, TimeSpan hold) =>
        new(access.OpenQueue(place), access.OpenQueue(place, "-poison"), hold);

    public async Task<IReadOnlyList<IHeldMessage>> TakeAsync(int most, CancellationToken ct)
    {
        var answer = await GuardedAsync(token => queue.ReceiveMessagesAsync(Math.Min(most, MostAtOnce), hold, token), ct);
        return [.. answer.Value.Select(m => new HeldMessage(this, m))];
    }

    /// <summary>Adds a message for some worker.</summary>
    public Task SendAsync(string text, CancellationToken ct) => GuardedAsync(token => queue.SendMessageAsync(PoisonText.Encoded(text), TimeSpan.Zero, Forever, token), ct);

    public async Task<long?> CountAsync(CancellationToken ct) => (await GuardedAsync(queue.GetPropertiesAsync, ct)).Value.ApproximateMessagesCountLong;

    private Task<bool> GuardedAsync(Func<CancellationToken, Task> run, CancellationToken ct) =>
        GuardedAsync(
            async token =>
            {
                await run(token);
                return true;
            },
            ct);

    private async Task<T> GuardedAsync<T>(Func<CancellationToken, Task<T>> run, CancellationToken ct)
    {
        try
        {
            return await run(ct);
        }
        catch (Azure.RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            throw new DirectoryNotFoundException($"There is no queue '{Name}'. Make it with: az storage queue create --auth-mode login --account-name {queue.AccountName} --name {Name}", e);
        }
        catch (Exception e) when (StorageErrors.IsOfStorage(e, ct))
        {
            throw StorageErrors.Translate(e, queue.Uri.ToString(), StorageErrors.QueueRight);
        }
    }

#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing that wants disposal.
    private sealed class HeldMessage(StorageQueueSource source, QueueMessage message) : IHeldMessage
#pragma warning restore CA1001
    {
        /// <summary>A renewal and a settlement at the same moment would each make the other's receipt worthless.</summary>
        private readonly SemaphoreSlim _one = new(1, 1);
        private string _receipt = message.PopReceipt;
        private bool _isSettled;

        public string Text => message.Body.ToString();

        public DateTimeOffset Enqueued => message.InsertedOn ?? default;

        public long Deliveries => message.DequeueCount;

        public Task RenewAsync(CancellationToken ct) => AloneAsync(settles: false, token => UpdateAsync(source.Hold, token), ct);

        public Task ReturnAsync(TimeSpan after, CancellationToken ct) => AloneAsync(settles: true, token => UpdateAsync(after, token), ct);

        public Task PassOnAsync(TimeSpan after, CancellationToken ct) => AloneAsync(
            settles: true,
            async token =>
            {
                await source.Queue.SendMessageAsync(message.Body, after, Forever, token);
                await DeleteAsync(token);
            },
            ct);

        public Task CompleteAsync(CancellationToken ct) => AloneAsync(settles: true, DeleteAsync, ct);

        public async Task RejectAsync(string reason, CancellationToken ct)
        {
            var text = PoisonText.Of(Text, reason, ("deliveries", Deliveries.ToString(CultureInfo.InvariantCulture)), ("enqueued", Enqueued.ToString("O")));
            await source.GuardedAsync(token => source.Poison.CreateIfNotExistsAsync(null, token), ct);
            await source.GuardedAsync(token => source.Poison.SendMessageAsync(text, TimeSpan.Zero, Forever, token), ct);
            await CompleteAsync(ct);
        }

        private async Task AloneAsync(bool settles, Func<CancellationToken, Task> run, CancellationToken ct)
        {
            await _one.WaitAsync(ct);
            try
            {
                if (_isSettled)
                    return;
                _isSettled = settles;
                await source.GuardedAsync(run, ct);
            }
            finally
            {
                _one.Release();
            }
        }

        private Task DeleteAsync(CancellationToken ct) => source.Queue.DeleteMessageAsync(message.MessageId, _receipt, ct);

        private async Task UpdateAsync(TimeSpan invisible, CancellationToken ct) =>
            _receipt = (await source.Queue.UpdateMessageAsync(message.MessageId, _receipt, (string?)null, invisible, ct)).Value.PopReceipt;
    }
}
