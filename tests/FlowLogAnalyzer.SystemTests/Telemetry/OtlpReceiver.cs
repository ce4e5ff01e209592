using System.Collections.Concurrent;
using System.Net;

namespace FlowLogAnalyzer.Tests.Telemetry;

/// <summary>A receiver of OTLP over HTTP on loopback: keeps the bodies by signal, and answers 200.</summary>
internal sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();

    public OtlpReceiver()
    {
        Endpoint = $"http://127.0.0.1:{Functions.HandlerProcess.FreePort()}";
        _listener.Prefixes.Add(Endpoint + "/");
        _listener.Start();
        _ = ReceiveAsync();
    }

    public string Endpoint { get; }

    /// <summary>Bodies by path, such as <c>/v1/metrics</c>.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<byte[]>> Bodies { get; } = new(StringComparer.Ordinal);

    /// <summary>What a process is told to send here.</summary>
    public (string, string?)[] Variables =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", Endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")];

    public IReadOnlyList<ProtoMessage> Of(string signal) => [.. Bodies.GetValueOrDefault($"/v1/{signal}", []).Select(b => new ProtoMessage(b))];

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                Bodies.GetOrAdd(context.Request.Url!.AbsolutePath, _ => []).Enqueue(body.ToArray());
                context.Response.StatusCode = 200;
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
