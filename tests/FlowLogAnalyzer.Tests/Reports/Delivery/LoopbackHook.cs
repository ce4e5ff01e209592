using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowLogAnalyzer.Tests.Reports.Delivery;

/// <summary>A webhook on the loopback: answers with the given status codes, one after the other and then the last one again.</summary>
public sealed class LoopbackHook : IDisposable
{
    public const string Secret = "T0000-B0000-SECRETSECRET";

    private readonly HttpListener _listener = new();
    private readonly int[] _answers;
    private readonly ConcurrentQueue<string> _bodies = new();

    public LoopbackHook(params int[] answers)
    {
        _answers = answers;
        var root = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(root);
        _listener.Start();
        Address = $"{root}services/{Secret}";
        _ = AnswerAsync();
    }

    public string Address { get; }

    public IReadOnlyList<string> Bodies => [.. _bodies];

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        for (var i = 0; _listener.IsListening; i++)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using (var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8))
                _bodies.Enqueue(await reader.ReadToEndAsync());
            context.Response.StatusCode = _answers[Math.Min(i, _answers.Length - 1)];
            context.Response.Headers["Location"] = $"http://127.0.0.1:1/{Secret}";
            context.Response.Close();
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
