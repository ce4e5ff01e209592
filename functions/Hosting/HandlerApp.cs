using System.Diagnostics;
using System.Net;
using System.Text;
using FlowLogAnalyzer.Functions.Handlers;
using FlowLogAnalyzer.Functions.Protocol;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Functions.Hosting;

/// <summary>The HTTP side: readiness, invocations, forwarded requests. On loopback only, since the host is on this machine.</summary>
internal static class HandlerApp
{
    private const string InvocationId = "X-Azure-Functions-InvocationId";

    /// <summary>For runs without a host; Functions Core Tools listen there too.</summary>
    private const int UsualPort = 7071;

    public static WebApplication Build(HandlerSettings settings, Services services)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null; // batches of events have no limit of their own
            kestrel.Listen(IPAddress.Loopback, settings.HostPort ?? UsualPort);
        });
        var app = builder.Build();
        app.MapGet("/", () => "ready");
        app.MapPost("/{name}", (string name, HttpContext context) => InvokeAsync(services, name, context));
        foreach (var (name, (route, methods, run)) in FunctionTable.Forwarded)
            app.MapMethods($"/api/{route}", methods, context => ForwardAsync(services, name, run, context));
        app.MapFallback(context => InvocationAnswer.Failed(StatusCodes.Status404NotFound, $"There is nothing at {context.Request.Path}.").WriteAsync(context));
        return app;
    }

    private static async Task InvokeAsync(Services services, string name, HttpContext context)
    {
        Activity.Current = null; // the server's own, which nobody records; below it ours would not be recorded either
        using var step = FlowLogTelemetry.Start(name, ActivityKind.Server);
        var answer = await AnswerAsync(services, name, context);
        Tell(services, name, answer);
        step?.SetTag("faas.invocation_id", context.Request.Headers[InvocationId].ToString()).SetTag("http.response.status_code", answer.Status);
        if (answer.Status != StatusCodes.Status200OK)
            step?.SetStatus(ActivityStatusCode.Error, string.Join(' ', answer.Logs));
        await answer.WriteAsync(context);
    }

    private static void Tell(Services services, string name, InvocationAnswer answer)
    {
        var line = $"{name}: {answer.Status} {string.Join(' ', answer.Logs)}";
        if (answer.Status == StatusCodes.Status200OK)
        {
            services.Telemetry?.Note(line);
            return;
        }

        Console.WriteLine(line); // the host drops the logs of an answer that is none
        services.Telemetry?.Error(line);
    }

    private static async Task<InvocationAnswer> AnswerAsync(Services services, string name, HttpContext context)
    {
        if (!FunctionTable.Invoked.TryGetValue(name, out var function))
            return InvocationAnswer.Failed(StatusCodes.Status404NotFound, $"There is no function {name}.");
        if (context.Request.Headers[InvocationId].ToString() is not { Length: > 0 } id)
            return InvocationAnswer.Failed(StatusCodes.Status400BadRequest, $"The header {InvocationId} is missing: this is not an invocation by the Functions host.");

        using var deadline = new CancellationTokenSource(services.Settings.Deadline);
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, deadline.Token);
            return await function(services, InvocationDecoder.Decode(id, body.GetBuffer().AsMemory(0, (int)body.Length)), deadline.Token);
        }
        catch (FormatException e)
        {
            return InvocationAnswer.Failed(StatusCodes.Status400BadRequest, e.Message);
        }
        catch (Exception) when (deadline.IsCancellationRequested) // a query that was interrupted ends with an exception of its own
        {
            return InvocationAnswer.Failed(StatusCodes.Status503ServiceUnavailable, $"Not done after {services.Settings.Deadline}; what was committed stays, and the host may send this again.");
        }
#pragma warning disable CA1031 // The outermost frame of an invocation: whatever is wrong, the host gets an answer that it understands.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return InvocationAnswer.Failed(StatusCodes.Status500InternalServerError, e.Message);
        }
    }

    private static async Task ForwardAsync(Services services, string name, Forwarded run, HttpContext context)
    {
        Activity.Current = null;
        using var step = FlowLogTelemetry.Start(name, ActivityKind.Server);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(services.Settings.Deadline);
        try
        {
            await run(services, context, deadline.Token);
        }
#pragma warning disable CA1031 // The outermost frame of a request: whoever asked gets a sentence.
        catch (Exception e) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            step.Failed(e);
            services.Telemetry?.Error($"{name}: {e.Message}");
            Console.WriteLine($"{name}: {e.Message}");
            var status = deadline.IsCancellationRequested ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
            await HttpText.WriteAsync(context, status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(e.Message));
        }
    }
}
