using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Azure.Core;
using FlowLogAnalyzer.Triggers.Events;

namespace FlowLogAnalyzer.Tests.Events;

/// <summary>What goes wrong between here and the hub.</summary>
public class EventHubFaultTests
{
    private const string Key = "Endpoint=sb://localhost;SharedAccessKeyName=Root;SharedAccessKey=c2VjcmV0;UseDevelopmentEmulator=true;";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_key_is_said_as_PLAIN_and_a_refusal_ends_reading_and_sending_with_the_role_that_is_missing()
    {
        using var broker = new SaslListener();
        var address = EventHubAddress.Parse($"127.0.0.1:{broker.Port}/flowlog");
        var access = new EventHubAccess { ConnectionString = Key };
        await using var source = EventHubs.OpenSource(address, "flowlog", access);
        await using var sink = EventHubs.OpenSink(address, access);

        var reading = await Assert.ThrowsAsync<EventHubDeniedException>(() => source.ReceiveAsync(Soon, default).AsTask());
        var sending = await Assert.ThrowsAsync<EventHubDeniedException>(() => sink.SendAsync([new OutgoingEvent("k", "{}"u8.ToArray())], default).AsTask());

        Assert.Equal($"\0$ConnectionString\0{Key}", await broker.Said);
        Assert.Contains("Azure Event Hubs Data Receiver", reading.Message, StringComparison.Ordinal);
        Assert.Contains("Azure Event Hubs Data Sender", sending.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", reading.Message + sending.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_asked_for_the_namespace_and_asked_for_again_before_it_expires()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var credential = new ShortLived();
        var address = EventHubAddress.Parse($"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/flowlog");
        await using var source = EventHubs.OpenSource(address, "flowlog", new EventHubAccess { ConnectionString = null, Credential = credential });

        for (var waited = 0; waited < 300 && credential.Scopes.Count < 2; waited++)
            await Task.Delay(100, TestContext.Current.CancellationToken);

        Assert.True(credential.Scopes.Count >= 2);
        Assert.All(credential.Scopes, s => Assert.Equal("https://127.0.0.1/.default", s));
    }

    [Fact]
    public async Task Nobody_signed_in_is_a_refusal_that_says_why()
    {
        await using var source = EventHubs.OpenSource(EventHubAddress.Parse("127.0.0.1:9/flowlog"), "flowlog", new EventHubAccess { ConnectionString = null, Credential = new Nobody() });

        var e = await Assert.ThrowsAsync<EventHubDeniedException>(() => source.ReceiveAsync(Soon, default).AsTask());

        Assert.Contains("Please run az login", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_nobody_answers_for_confirms_nothing_and_the_sender_hears_of_it_in_time()
    {
        await using var sink = EventHubs.OpenSink(EventHubAddress.Parse("127.0.0.1:9/flowlog"), MockHub.Access with { DeliveryTimeout = TimeSpan.FromSeconds(2) });

        var e = await Assert.ThrowsAsync<EventHubException>(() => sink.SendAsync([new OutgoingEvent("k", "{}"u8.ToArray())], default).AsTask().WaitAsync(Soon));

        Assert.Contains("1 of 1 events were not confirmed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_does_not_exist_is_said_to_readers_and_senders()
    {
        using var hub = new MockHub();
        var elsewhere = EventHubAddress.Parse($"{hub.Endpoint}/missing");
        await using var source = EventHubs.OpenSource(elsewhere, "flowlog", MockHub.Access);
        await using var sink = EventHubs.OpenSink(elsewhere, MockHub.Access with { DeliveryTimeout = TimeSpan.FromSeconds(8) });

        var reading = await Assert.ThrowsAsync<EventHubException>(() => source.ReceiveAsync(Soon, default).AsTask());
        var sending = await Assert.ThrowsAsync<EventHubException>(() => sink.SendAsync([new OutgoingEvent("k", "{}"u8.ToArray())], default).AsTask().WaitAsync(Soon));

        Assert.Contains("There is no event hub missing", reading.Message, StringComparison.Ordinal);
        Assert.Contains("There is no event hub missing", sending.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_whose_hub_goes_away_says_so_and_waits()
    {
        var notes = new ConcurrentQueue<string>();
        var hub = new MockHub();
        await hub.SendAsync("{}");
        await using var source = EventHubs.OpenSource(hub.Address, "flowlog", MockHub.Access with { OnNote = notes.Enqueue });
        var before = await source.ReceiveAsync(Soon, default);

        hub.Dispose();
        var after = await source.ReceiveAsync(TimeSpan.FromSeconds(5), default);

        Assert.Single(before.Events);
        Assert.Empty(after.Events);
        Assert.Contains(notes, n => n.EndsWith("It is tried again.", StringComparison.Ordinal));
        await Assert.ThrowsAsync<EventHubException>(() => source.CheckpointAsync(default).AsTask());
    }

    [Fact]
    public async Task An_event_that_is_too_large_is_refused_before_it_is_sent_and_the_largest_one_arrives()
    {
        using var hub = new MockHub();
        await using var sink = EventHubs.OpenSink(hub.Address, MockHub.Access);
        OutgoingEvent Of(int bytes) => new("k", new byte[bytes - 1]);

        await Assert.ThrowsAsync<ArgumentException>(() => sink.SendAsync([Of(sink.MaxEventBytes + 1)], default).AsTask());
        await sink.SendAsync([Of(sink.MaxEventBytes)], default);

        Assert.Equal(sink.MaxEventBytes - 1, hub.All().Single().Body.Length);
        Assert.InRange(sink.MaxEventBytes, 256 * 1024, 1_000_000);
    }

    private sealed class ShortLived : TokenCredential
    {
        public ConcurrentQueue<string> Scopes { get; } = new();

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.Enqueue(requestContext.Scopes[0]);
            return new AccessToken("token", TimeProvider.System.GetUtcNow().AddSeconds(3));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }

    private sealed class Nobody : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new Azure.Identity.AuthenticationFailedException("Please run az login");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
