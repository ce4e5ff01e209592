using Azure.Core;
using Azure.Core.Pipeline;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>What may happen to a request on its way.</summary>
internal enum Fault
{
    None,
    ServerError,
    Busy,
    TooMany,
    Timeout,
    Reset,

    /// <summary>The request is done, its answer is lost.</summary>
    AnswerLost,

    /// <summary>The body breaks off with an error.</summary>
    BodyBroken,

    /// <summary>The body ends too early and says nothing.</summary>
    BodyShort,
    PreconditionFailed,
    RangeNotSatisfiable,
    Denied,
}

/// <summary>Stands between the SDK and the network: counts requests and bytes of answers, and does harm.</summary>
internal sealed class MeteredTransport(Func<Request, Fault>? fault = null) : HttpPipelineTransport
{
    private readonly HttpPipelineTransport _inner = HttpClientTransport.Shared;
    private readonly Lock _gate = new();

    /// <summary>Method, and what it was for, of every request in order.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Bytes of blobs' contents.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>Bytes of listings.</summary>
    public long ListingBytes { get; private set; }

    public Dictionary<Fault, int> Faults { get; } = [];

    public int Listings => Count("LIST");

    public int Gets => Count("GET");

    public int Heads => Count("HEAD");

    public override Request CreateRequest() => _inner.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("Only asynchronous calls are expected.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        var isListing = message.Request.Uri.Query.Contains("comp=list", StringComparison.Ordinal);
        var what = fault?.Invoke(message.Request) ?? Fault.None;
        lock (_gate)
        {
            Requests.Add(isListing ? "LIST" : message.Request.Method.Method);
            Faults[what] = Faults.GetValueOrDefault(what) + 1;
        }

        if (Status(what) is { } status)
        {
            message.Response = new StubResponse(status, Code(what));
            return;
        }

        if (what == Fault.Timeout)
            throw new OperationCanceledException("Injected: no answer in time.");
        if (what == Fault.Reset)
            throw new IOException("Injected: connection reset.");
        await _inner.ProcessAsync(message);
        if (what == Fault.AnswerLost)
            throw new IOException("Injected: the answer was lost.");
        if (message.Response.ContentStream is { } body && message.Request.Method == RequestMethod.Get)
            message.Response.ContentStream = new MeteredBody(body, what, n => Took(n, isListing));
    }

    private int Count(string kind)
    {
        lock (_gate)
            return Requests.Count(r => r == kind);
    }

    private void Took(int count, bool isListing)
    {
        lock (_gate)
        {
            if (isListing)
                ListingBytes += count;
            else
                ContentBytes += count;
        }
    }

    private static int? Status(Fault fault) => fault switch
    {
        Fault.ServerError => 500,
        Fault.Busy => 503,
        Fault.TooMany => 429,
        Fault.PreconditionFailed => 412,
        Fault.RangeNotSatisfiable => 416,
        Fault.Denied => 403,
        _ => null,
    };

    private static string Code(Fault fault) => fault switch
    {
        Fault.ServerError => "InternalError",
        Fault.Busy or Fault.TooMany => "ServerBusy",
        Fault.PreconditionFailed => "ConditionNotMet",
        Fault.RangeNotSatisfiable => "InvalidRange",
        _ => "AuthorizationPermissionMismatch",
    };
}
