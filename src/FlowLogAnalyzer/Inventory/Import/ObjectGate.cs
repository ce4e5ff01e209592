using System.Text.Json;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>One object of an export: read, or refused with its name and what is wrong with it. The others are read all the same.</summary>
internal static class ObjectGate
{
    public static void Pass(JsonElement item, FileContent content, Action read)
    {
        var (entities, objects) = (content.Entities.Count, content.Objects);
        try
        {
            if (content.MayHoldBadText && BadText.Find(item) is { } path)
                throw new FieldException(path, "holds half a surrogate pair, or bytes that are no UTF-8");
            read();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            content.Entities.RemoveRange(entities, content.Entities.Count - entities);
            content.Objects = objects;
            content.Refused.Add($"{NameOf(item, content)} is refused: {(e is FieldException ? e.Message : $"it is not what such an object looks like ({e.Message})")}");
        }
    }

    /// <summary>How a person finds the object in the file.</summary>
    private static string NameOf(JsonElement item, FileContent content)
    {
        var number = $"object {content.Seen}";
        try
        {
            var kind = Own(item, "kind") ?? Own(item, "type") ?? Own(item, "resourceType");
            var name = Own(item, "id") ?? Own(item.ValueKind == JsonValueKind.Object && item.TryGetProperty("metadata", out var metadata) ? metadata : item, "name") ?? Own(item, "name");
            return name is null ? number : $"{(kind is null ? "" : kind + " ")}'{name}' ({number})";
        }
        catch (InvalidOperationException)
        {
            return number;
        }
    }

    private static string? Own(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
