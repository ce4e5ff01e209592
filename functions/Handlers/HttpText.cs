namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>Answers of the HTTP functions, which the host forwards as they are.</summary>
internal static class HttpText
{
    public static async Task WriteAsync(HttpContext context, int status, string type, ReadOnlyMemory<byte> content)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(content);
    }
}
