using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Results that are records: keys as the properties are called and in their order, words for codes, nothing for null.</summary>
internal static class RecordJson
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true, NewLine = "\n" };

    public static Task WriteAsync<T>(T value, CliHost host) => host.Out.WriteLineAsync(JsonSerializer.Serialize(value, Indented));

    public static async Task WriteLinesAsync<T>(IEnumerable<T> values, CliHost host)
    {
        foreach (var value in values)
            await host.Out.WriteLineAsync(JsonSerializer.Serialize(value, Compact));
    }
}
