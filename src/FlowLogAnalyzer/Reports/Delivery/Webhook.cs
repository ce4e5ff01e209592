using System.Net;
using System.Net.Http.Headers;

namespace FlowLogAnalyzer.Reports.Delivery;

/// <summary>A webhook did not take a message. The message names the host, never the address.</summary>
public sealed class WebhookException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>Sends a report's summary to a channel of Slack or Teams.</summary>
public sealed class Webhook(TimeProvider time)
{
    private const int Tries = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Sends once; when the service is busy (429) or broken (5xx) or silent, again after a pause, four times in all. A
    /// message that arrived but was not acknowledged comes twice.
    /// </summary>
    /// <exception cref="WebhookException">It was refused, or could not be reached.</exception>
    public async Task SendAsync(WebhookAddress address, ReportSummary summary, Uri? link, CancellationToken ct)
    {
        // A redirection would hand the message, and with some services the secret, to somebody else.
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Patience };
        var body = WebhookMessage.Of(summary, address.Kind, link);
        for (var attempt = 1; ; attempt++)
        {
            var (failure, pause) = await TryAsync(client, address, body, ct);
            if (failure is null)
                return;
            if (pause is null || attempt == Tries)
                throw failure;

            var wait = pause > TimeSpan.Zero ? pause.Value : TimeSpan.FromSeconds(1 << attempt);
            await Task.Delay(wait < LongestPause ? wait : LongestPause, time, ct);
        }
    }

    /// <summary>A failure with a pause can be tried again after it; zero is a pause of our own choice.</summary>
    private static async Task<(WebhookException? Failure, TimeSpan? Pause)> TryAsync(HttpClient client, WebhookAddress address, byte[] body, CancellationToken ct)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            using var response = await client.PostAsync(address.Uri, content, ct);
            if (response.IsSuccessStatusCode)
                return (null, null);

            var failure = new WebhookException($"The webhook at {address} answered {(int)response.StatusCode} ({response.StatusCode}): {Meaning(response.StatusCode)}");
            var again = response.StatusCode == HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
            return (failure, again ? response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero : null);
        }
        catch (HttpRequestException e)
        {
            // The exception's own text may hold the address; what kind of error it is says enough.
            return (new WebhookException($"The webhook at {address} cannot be reached ({e.HttpRequestError})."), TimeSpan.Zero);
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return (new WebhookException($"The webhook at {address} did not answer within {Patience.TotalSeconds:0} seconds."), TimeSpan.Zero);
        }
    }

    private static string Meaning(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => "it was removed, or the address is not complete.",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "it may not be used by everybody who has the address.",
        HttpStatusCode.BadRequest => "it does not take this kind of message; --webhook-kind slack or teams says which one it takes.",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => "it has moved, and redirections are not followed.",
        _ => "nothing was delivered.",
    };
}
