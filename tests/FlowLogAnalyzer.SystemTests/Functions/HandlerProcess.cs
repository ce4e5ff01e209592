using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Functions;

/// <summary>What the host would see of an answer.</summary>
internal sealed record HostAnswer(int Status, string MediaType, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Logs => string.Join('\n', Json.GetProperty(nameof(Logs)).EnumerateArray().Select(l => l.GetString()));
}

/// <summary>The real handler in a process of its own, driven over HTTP as a Functions host does it.</summary>
internal sealed class HandlerProcess : IAsyncDisposable
{
    /// <summary>The handler that was built with the tests, or that of the published app which FLOWLOG_FUNCTIONAPP names.</summary>
    public static string[] Command { get; } = Environment.GetEnvironmentVariable("FLOWLOG_FUNCTIONAPP") is { Length: > 0 } app
        ? [Path.Combine(RepositoryPaths.Root, app, "bin", "flowlog-functions")]
        : ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "flowlog-functions.dll")];

    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();
    private readonly HttpClient _http;

    private HandlerProcess(Process process, int port)
    {
        Process = process;
        Port = port;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(3) };
        process.OutputDataReceived += (_, line) => Append(_out, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Process Process { get; }

    public int Port { get; }

    public string Out => Text(_out);

    public string Error => Text(_error);

    /// <summary>Starts it and asks for / every 25 ms until there is any answer.</summary>
    public static async Task<HandlerProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var handler = Launch(settings);
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await handler._http.GetAsync(new Uri("/", UriKind.Relative));
                return handler;
            }
            catch (HttpRequestException) when (patience.Elapsed < TimeSpan.FromSeconds(60) && !handler.Process.HasExited)
            {
                await Task.Delay(25);
            }
            catch (HttpRequestException e)
            {
                throw new InvalidOperationException($"The handler does not answer. {handler.Out}{handler.Error}", e);
            }
        }
    }

    public static HandlerProcess Launch(params (string Name, string Value)[] settings)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Command[0], Command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in new[] { "FLOWLOG_LAKE", "FLOWLOG_SOURCES", "AZURE_STORAGE_CONNECTION_STRING" })
            start.Environment.Remove(name);
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString();
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return new HandlerProcess(Process.Start(start)!, port);
    }

    /// <summary>An invocation with the host's headers; without <paramref name="id"/> as somebody else would send it.</summary>
    public async Task<HostAnswer> InvokeAsync(string function, string body, string? id = "11111111-2222-3333-4444-555555555555")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{function}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Azure-Functions-HostVersion", "4.1037.0");
        request.Headers.UserAgent.ParseAdd("Azure-Functions-Host/4.1037.0");
        if (id is not null)
            request.Headers.Add("X-Azure-Functions-InvocationId", id);
        return await SendAsync(request);
    }

    public async Task<HostAnswer> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        return await SendAsync(request);
    }

    /// <summary>An event of a blob in the wrapping that a queue binding of type binary has.</summary>
    public Task<HostAnswer> QueueAsync(string url) => InvokeAsync("IngestFromQueue", Message(Event(url)));

    public static string Event(string url, string? etag = null) =>
        JsonSerializer.Serialize(new { eventType = "Microsoft.Storage.BlobCreated", id = "1", data = new { api = "PutBlockList", url, eTag = etag ?? "0x0" } });

    public static string Message(string text) =>
        $$$"""{"Data":{"message":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}}}"},"Metadata":{"DequeueCount":"1","Id":"\"x\""}}""";

    public const string Timer = """{"Data":{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"m","UtcNow":"2026-11-20T10:00:00Z","RandGuid":"x"}}}""";

    public async Task KillAsync()
    {
        Process.Kill(); // SIGKILL, as the host does it
        await Process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
            await KillAsync();
        Process.Dispose();
        _http.Dispose();
    }

    private async Task<HostAnswer> SendAsync(HttpRequestMessage request)
    {
        using var answer = await _http.SendAsync(request);
        return new HostAnswer((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync());
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Append(StringBuilder builder, string? line)
    {
        if (line is null)
            return;
        lock (builder)
            builder.AppendLine(line);
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
            return builder.ToString();
    }
}
