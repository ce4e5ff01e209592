using System.Globalization;
using System.Net;
using System.Text.Json;

namespace FlowLogAnalyzer.Query.Configuration;

/// <summary>
/// A place in flowlog.json that knows its path. What is wrong is noted down and reading goes on with a harmless value, so
/// that one run shows all faults.
/// </summary>
internal sealed class ConfigurationNode(string path, JsonElement element, List<ConfigurationFault> faults)
{
    public IReadOnlyList<ConfigurationFault> Faults => faults;

    public void Fault(string message) => faults.Add(new ConfigurationFault(path, message));

    /// <summary>Every other key is a fault: it would be a typing error that changes nothing.</summary>
    public void Only(params string[] keys)
    {
        foreach (var (name, node) in Members())
            if (!keys.Contains(name, StringComparer.Ordinal))
                node.Fault($"This key is not known; known here are {string.Join(", ", keys)}.");
    }

    public ConfigurationNode? Get(string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) ? new ConfigurationNode(Below(key), value, faults) : null;

    /// <summary>A key that must be there; without it, an empty text.</summary>
    public ConfigurationNode Required(string key)
    {
        if (Get(key) is { } node)
            return node;

        if (element.ValueKind == JsonValueKind.Object)
            Fault($"The key '{key}' is missing.");
        return new ConfigurationNode(Below(key), default, []);
    }

    public IReadOnlyList<(string Name, ConfigurationNode Node)> Members(string key) => Get(key)?.Members() ?? [];

    public IReadOnlyList<(string Name, ConfigurationNode Node)> Members()
    {
        if (element.ValueKind == JsonValueKind.Object)
            return [.. element.EnumerateObject().Select(p => (p.Name, new ConfigurationNode(Below(p.Name), p.Value, faults)))];

        Expected("an object");
        return [];
    }

    public IReadOnlyList<ConfigurationNode> Items(string key) => Get(key)?.Items() ?? [];

    public IReadOnlyList<ConfigurationNode> Items()
    {
        if (element.ValueKind == JsonValueKind.Array)
            return [.. element.EnumerateArray().Select((item, i) => new ConfigurationNode($"{path}[{i}]", item, faults))];

        Expected("a list");
        return [];
    }

    public string Text()
    {
        if (element.ValueKind == JsonValueKind.String)
            return element.GetString()!;

        Expected("a text");
        return "";
    }

    public string OneOf(params string[] words)
    {
        var text = Text();
        if (element.ValueKind == JsonValueKind.String && !words.Contains(text, StringComparer.Ordinal))
            Expected($"one of {string.Join(", ", words)}");
        return text;
    }

    public int Number(int least, int most)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= least && number <= most)
            return number;

        Expected($"a whole number from {least} to {most}");
        return least;
    }

    /// <summary>A value for a parameter of this SQL type, as text.</summary>
    public string Value(string type)
    {
        var isNumber = type is "integer" or "bigint" or "double";
        if (isNumber && element.ValueKind == JsonValueKind.Number && (type == "double" || element.TryGetInt64(out _)))
            return element.GetRawText();
        if (!isNumber && element.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False)
            return element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();

        Expected(isNumber ? type == "double" ? "a number" : "a whole number" : "a text");
        return "0";
    }

    /// <summary>Midnight UTC of a date like 2027-01-31.</summary>
    public DateTime Date()
    {
        if (element.ValueKind == JsonValueKind.String
            && DateTime.TryParseExact(element.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date))
            return date;

        Expected("a date like 2027-01-31");
        return DateTime.UnixEpoch;
    }

    /// <summary>One prefix or a list of them.</summary>
    public IReadOnlyList<string> Prefixes() => element.ValueKind == JsonValueKind.String ? [Prefix()] : [.. Items().Select(p => p.Prefix())];

    private string Prefix()
    {
        var text = Text();
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var isGood = slash < 0 ? IPAddress.TryParse(text, out _) : IPNetwork.TryParse(text, out var network) && network.BaseAddress.ToString() == text[..slash];
        if (isGood || element.ValueKind != JsonValueKind.String)
            return text;

        var hint = slash > 0 && IPAddress.TryParse(text[..slash], out _) ? "; the address must be the first one of its range" : "";
        Expected($"an address or a prefix like 10.0.0.0/8{hint}");
        return "0.0.0.0/32";
    }

    private void Expected(string what)
    {
        if (element.ValueKind != JsonValueKind.Undefined)
            Fault($"Expected {what}, found {(element.GetRawText() is { Length: <= 60 } raw ? raw : element.ValueKind.ToString().ToLowerInvariant())}.");
    }

    private string Below(string key) => key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? $"{path}.{key}" : $"{path}['{key}']";
}
