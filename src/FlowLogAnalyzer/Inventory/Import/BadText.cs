using System.Text.Json;
using System.Text.Unicode;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>
/// Texts that are no Unicode, such as half a surrogate pair: valid JSON, but nothing that can be kept or compared. They are rare,
/// so a file is looked at as a whole first.
/// </summary>
internal static class BadText
{
    public static bool MayBeIn(ReadOnlySpan<byte> file) =>
        !Utf8.IsValid(file) || file.IndexOf("\\ud"u8) >= 0 || file.IndexOf("\\uD"u8) >= 0;

    /// <summary>The path of the first one, or null.</summary>
    public static string? Find(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return IsText(() => element.GetString()) ? null : "";
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    var name = "(a name)";
                    if (!IsText(() => name = property.Name))
                        return name;
                    if (Find(property.Value) is { } inner)
                        return inner.Length == 0 ? name : $"{name}.{inner}";
                }

                return null;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Find).FirstOrDefault(path => path is not null);
            default:
                return null;
        }
    }

    private static bool IsText(Func<string?> read)
    {
        try
        {
            _ = read();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
