using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Tests.Scenarios;

/// <summary>
/// The same cluster as another team would have made it: nothing that is done to its exports here changes what it does, so
/// nothing may change in what is found. Which changes are made, and to what, follows from the seed.
/// </summary>
internal sealed partial class Disguise(int seed)
{
    private static readonly string[] Conventions = ["app.kubernetes.io/name", "k8s-app", "app", "component"];

    private readonly Random _random = new(seed);

    /// <summary>Rewrites the exports in a folder, and hands out what was done, for the message of a test that fails.</summary>
    public IReadOnlyList<string> Apply(string inventory)
    {
        var done = new List<string>();
        foreach (var (name, change) in new (string, Action<JsonObject>)[] { ("no ownerReferences", WithoutOwners), ("other labels", Relabel), ("other pod names", Rename), ("fields of tomorrow", Extend) })
        {
            if (_random.Next(4) == 0)
                continue;

            done.Add(name);
            EachObject(inventory, "Pod", change);
        }

        Shuffle(inventory);
        return [.. done, "another order"];
    }

    private static void WithoutOwners(JsonObject pod) => pod["metadata"]!.AsObject().Remove("ownerReferences");

    /// <summary>The value says what the pod is; under which of the usual keys is a matter of taste. Selectors of Services are not asked.</summary>
    private void Relabel(JsonObject pod)
    {
        var labels = pod["metadata"]!["labels"]!.AsObject();
        if (Conventions.Select(c => labels[c]).FirstOrDefault(v => v is not null)?.GetValue<string>() is not { } app)
            return;

        foreach (var key in Conventions)
            labels.Remove(key);
        labels[Conventions[_random.Next(Conventions.Length)]] = app;
    }

    /// <summary>A pod's name is anybody's choice, and the endpoint slices go by its UID.</summary>
    private void Rename(JsonObject pod) => pod["metadata"]!["name"] = $"x{_random.Next(1_000_000):d6}-{_random.Next(1_000_000):d6}";

    private void Extend(JsonObject pod) => pod["spec"]!.AsObject()[$"field{_random.Next(100)}"] = new JsonObject { ["since"] = "v9" };

    private static void EachObject(string folder, string kind, Action<JsonObject> change)
    {
        foreach (var file in Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            var root = JsonNode.Parse(File.ReadAllText(file))!;
            var items = (root is JsonObject list ? list["items"] as JsonArray : null)?.OfType<JsonObject>().Where(i => (string?)i["kind"] == kind).ToList() ?? [];
            if (items.Count == 0)
                continue;

            items.ForEach(change);
            File.WriteAllText(file, root.ToJsonString());
        }
    }

    /// <summary>The objects of a list come in any order, and the files under any name.</summary>
    private void Shuffle(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var root = JsonNode.Parse(File.ReadAllText(file))!;
            if (root is JsonObject list && list["items"] is JsonArray items)
            {
                var nodes = items.ToArray();
                items.Clear();
                _random.Shuffle(nodes);
                foreach (var node in nodes)
                    items.Add(node);
            }

            File.Delete(file);
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(file)!, $"{_random.Next(1_000_000):d6}-{FileName().Match(file).Value}"), root.ToJsonString());
        }
    }

    [GeneratedRegex(@"[^/\\]+$")]
    private static partial Regex FileName();
}
