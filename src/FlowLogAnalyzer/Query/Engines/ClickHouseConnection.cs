using System.Net.Http.Headers;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// Requests to the HTTP interface of one server (ClickHouse docs, "HTTP Interface"). Each stands alone: database and
/// settings travel with it.
/// </summary>
internal sealed class ClickHouseConnection : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    /// <summary>Below the server's <c>keep_alive_timeout</c> (3 s in older versions): a request on a connection that it closes at that moment is lost.</summary>
    private static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = ConnectPatience, PooledConnectionIdleTimeout = IdlePatience }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ClickHouseOptions _server;
    private readonly Lock _door = new();
    private (string QueryId, CancellationTokenSource Stop)? _running;

    public ClickHouseConnection(ClickHouseOptions server) => _server = server;

    /// <summary>Null: the user's own.</summary>
    public string? Database { get; set; }

    /// <summary>What every request sets.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs a statement that returns nothing.</summary>
    /// <param name="what">What it is for, as an error names it.</param>
    /// <param name="sql">The statement.</param>
    public void Execute(string what, string sql) => Execute(what, new StringContent(sql));

    /// <summary>Runs a statement with what belongs to it, such as rows to insert.</summary>
    public void Execute(string what, HttpContent body) => Send(what, body, ("wait_end_of_query", "1")).Dispose();

    /// <summary>Starts a statement that only reads; the caller reads the answer and disposes it.</summary>
    public HttpResponseMessage Ask(string what, string sql) =>
        Send(what, new StringContent(sql), ("readonly", "1"), ("default_format", ClickHouseRows.Format));

    /// <summary>What the server says went wrong, or what the network did.</summary>
    public Exception Failure(string what, Exception e) => e is HttpRequestException or IOException
        ? new ClickHouseException($"ClickHouse at {_server} does not answer: {e.Message.TrimEnd('.')}. It was asked for {what}. Is it running, and is this the address of its HTTP interface (port 8123, or 8443 with https)?", inner: e)
        : e;

    public ClickHouseException Failure(string what, string answer) => ClickHouseException.Of(_server, what, answer);

    /// <summary>Ends what runs: on the server too, which would go on for nobody.</summary>
    public void Interrupt()
    {
        lock (_door)
        {
            if (_running is not { } running)
                return;

            try
            {
                using var patience = new CancellationTokenSource(KillPatience);
                using var request = Request(new StringContent($"kill query where query_id = '{running.QueryId}'"), []);
                using var response = _http.Send(request, patience.Token);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // The server ends it when it sees that the connection is gone.
            }

            running.Stop.Cancel();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _running?.Stop.Dispose();
    }

    private HttpResponseMessage Send(string what, HttpContent body, params (string Name, string Value)[] more)
    {
        var (id, stop) = (Guid.NewGuid().ToString(), new CancellationTokenSource());
        lock (_door)
        {
            _running?.Stop.Dispose();
            _running = (id, stop);
        }

        try
        {
            using var request = Request(body, [("query_id", id), .. more]);
            var response = _http.Send(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            if (response.IsSuccessStatusCode)
                return response;

            using (response)
            using (var reader = new StreamReader(response.Content.ReadAsStream(CancellationToken.None)))
                throw Failure(what, reader.ReadToEnd());
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Failure(what, e);
        }
    }

    private HttpRequestMessage Request(HttpContent body, (string Name, string Value)[] more)
    {
        var parameters = Settings.Select(s => (s.Key, s.Value)).Concat(more);
        if (Database is not null)
            parameters = parameters.Prepend(("database", Database));
        var query = string.Join('&', parameters.Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2)}"));
        var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(_server.Url) { Query = query }.Uri) { Content = body };
        body.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        if (_server.User is { } user)
            request.Headers.Add("X-ClickHouse-User", user);
        if (_server.Password is { } password)
            request.Headers.Add("X-ClickHouse-Key", password);
        return request;
    }
}
