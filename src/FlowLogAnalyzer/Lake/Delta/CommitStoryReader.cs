using System.Text.Json;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// Reads what a <c>commitInfo</c> tells. Writers are free to store anything there, so that nothing of it is expected to have a
/// type: what is not as usual is left out.
/// </summary>
internal static class CommitStoryReader
{
    public static CommitStory Read(JsonElement info) => new()
    {
        Parameters = Texts(info, "operationParameters"),
        Metrics = Texts(info, "operationMetrics"),
        Tags = Texts(info, "tags"),
        Engine = Text(info, "engineInfo"),
        User = Text(info, "userName") ?? Text(info, "userId"),
        IsolationLevel = Text(info, "isolationLevel"),
        IsBlindAppend = Value(info, "isBlindAppend") is { ValueKind: JsonValueKind.True or JsonValueKind.False } blind ? blind.GetBoolean() : null,
        ReadVersion = Value(info, "readVersion") is { ValueKind: JsonValueKind.Number } version && version.TryGetInt64(out var number) ? number : null,
    };

    private static JsonElement? Value(JsonElement info, string name) => info.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement info, string name) => Value(info, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static Dictionary<string, string> Texts(JsonElement info, string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Value(info, name) is { ValueKind: JsonValueKind.Object } map)
            foreach (var entry in map.EnumerateObject())
                texts[entry.Name] = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : entry.Value.GetRawText();
        return texts;
    }
}
