using System.Text.Json;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Query.Configuration;

/// <summary>One thing that is wrong in flowlog.json; <paramref name="Path"/> is a JSON path: <c>$.suppressions[0].expires</c>.</summary>
public sealed record ConfigurationFault(string Path, string Message);

/// <summary>flowlog.json cannot be used; all faults are listed, not only the first.</summary>
public sealed class ConfigurationException(string file, IReadOnlyList<ConfigurationFault> faults)
    : Exception($"{file} cannot be used:\n{string.Join('\n', faults.Select(f => $"  {f.Path}: {f.Message}"))}\nCorrect the file and run the command again.")
{
    public IReadOnlyList<ConfigurationFault> Faults { get; } = faults;
}

/// <summary>Reads flowlog.json: comments and trailing commas are allowed, unknown keys are not.</summary>
public static class ConfigurationReader
{
    private static readonly string[] Roles = ["system", "ingress", "user"];
    private static readonly JsonDocumentOptions Json = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="text">The content.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="library">Whose findings and parameters may be named; null = those built in.</param>
    /// <exception cref="ConfigurationException">It is not JSON, or something in it is wrong.</exception>
    public static FlowLogConfiguration Read(string text, string file, QueryLibrary? library = null)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, Json);
        }
        catch (JsonException e)
        {
            throw new ConfigurationException(file, [new ConfigurationFault($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", "This is not JSON: " + e.Message.Split(" LineNumber", 2)[0])]);
        }

        using (document)
        {
            var root = new ConfigurationNode("$", document.RootElement, []);
            var configuration = Read(root, library ?? QueryLibrary.BuiltIn);
            return root.Faults.Count == 0 ? configuration : throw new ConfigurationException(file, root.Faults);
        }
    }

    private static FlowLogConfiguration Read(ConfigurationNode root, QueryLibrary library)
    {
        root.Only("pools", "roleLabels", "ingressServices", "onPremises", "bastions", "expectedClients", "dependencies", "egress", "findings", "suppressions");
        return new FlowLogConfiguration
        {
            Inventory = Inventory(root),
            Bastions = [.. root.Members("bastions").Select(b => new Bastion(b.Name, b.Node.Prefixes()))],
            ExpectedClients = [.. root.Members("expectedClients").Select(c => new ExpectedClients(c.Name, c.Node.Prefixes()))],
            Dependencies = [.. root.Items("dependencies").Select(Dependency)],
            Egress = root.Get("egress")?.OneOf("firewall", "direct"),
            Thresholds = Thresholds(root, library),
            Suppressions = [.. root.Items("suppressions").Select(s => Suppression(s, library))],
        };
    }

    private static InventoryOptions Inventory(ConfigurationNode root)
    {
        var options = new InventoryOptions
        {
            PoolRoles = root.Members("pools").ToDictionary(p => p.Name, p => p.Node.OneOf(Roles), StringComparer.OrdinalIgnoreCase),
            IngressServices = [.. root.Items("ingressServices").Select(s => s.Text())],
            OnPremises = root.Members("onPremises").ToDictionary(n => n.Name, n => n.Node.Prefixes(), StringComparer.Ordinal),
        };
        var labels = root.Items("roleLabels").Select(l => l.Text()).ToList();
        return labels.Count > 0 ? options with { RoleLabels = labels } : options;
    }

    private static DeclaredDependency Dependency(ConfigurationNode node)
    {
        node.Only("from", "to", "ports", "reason");
        return new DeclaredDependency(node.Required("from").Text(), node.Required("to").Text(), [.. node.Items("ports").Select(p => p.Number(0, 65535))], node.Get("reason")?.Text());
    }

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Thresholds(ConfigurationNode root, QueryLibrary library)
    {
        var result = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, node) in root.Members("findings"))
        {
            if (Finding(id, library) is not { } query)
            {
                node.Fault(Unknown(id));
                continue;
            }

            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in node.Members())
            {
                if (query.Parameters.FirstOrDefault(p => p.Name == name) is { } parameter)
                    values[name] = value.Value(parameter.Type);
                else
                    value.Fault(query.Parameters.Count == 0 ? $"{query.Name} has no parameters." : $"{query.Name} has no parameter '{name}'; it has {string.Join(", ", query.Parameters.Select(p => p.Name))}.");
            }

            result[query.Name] = values;
        }

        return result;
    }

    private static Suppression Suppression(ConfigurationNode node, QueryLibrary library)
    {
        node.Only("finding", "subject", "reason", "expires");
        var id = node.Required("finding");
        if (id.Text() is { Length: > 0 } text && Finding(text, library) is null && !ReplayFindings.IsMatch(text))
            id.Fault(Unknown(text));
        var reason = node.Required("reason");
        if (reason.Text().Trim().Length == 0)
            reason.Fault("A suppression needs a reason, for whoever finds it in a year.");
        return new Suppression(id.Text(), node.Get("subject")?.Text() ?? "*", reason.Text(), node.Required("expires").Date());
    }

    /// <summary>Findings that are not SQL have ids of the same form; what they are called is not known here.</summary>
    private static System.Text.RegularExpressions.Regex ReplayFindings { get; } = new("^(LBP|LBC|LAT|EGR|NSG|OBS)-[0-9]{3}$", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static QueryFile? Finding(string id, QueryLibrary library) => library.Findings.FirstOrDefault(f => f.Name.Equals(id, StringComparison.OrdinalIgnoreCase));

    private static string Unknown(string id) => $"There is no finding '{id}'. `flowlog query --list` shows them.";
}
