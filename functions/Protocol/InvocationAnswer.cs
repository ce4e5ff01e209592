using System.Text.Json;

namespace FlowLogAnalyzer.Functions.Protocol;

/// <summary>What the host is told: values of output bindings and lines for its log.</summary>
internal sealed record InvocationAnswer
{
    /// <summary>200, or the host counts the invocation as failed and drops outputs and logs.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Messages by output binding: JSON objects, since a bare word may be taken for base64.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Outputs { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    public IReadOnlyList<string> Logs { get; init; } = [];

    /// <summary>Done when the host has the whole answer.</summary>
    public Func<CancellationToken, Task>? Afterwards { get; init; }

    public static InvocationAnswer Fine(params string[] logs) => new() { Logs = logs };

    public static InvocationAnswer Failed(int status, string why) => new() { Status = status, Logs = [why] };

    /// <summary>
    /// The one place where answers are written: never an empty body, which the host would wait on until the function times
    /// out and it kills this process.
    /// </summary>
    public async Task WriteAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
            Write(json);
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length));
        await context.Response.CompleteAsync();
        if (Afterwards is not null)
            await Afterwards(CancellationToken.None);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject(nameof(Outputs));
        foreach (var (binding, messages) in Outputs.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            json.WriteStartArray(binding);
            foreach (var message in messages)
                json.WriteRawValue(message);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteStartArray(nameof(Logs));
        foreach (var line in Logs)
            json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteNull("ReturnValue");
        json.WriteEndObject();
    }
}
