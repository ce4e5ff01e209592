using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

/// <summary>Small helpers that make export code read like the exports.</summary>
internal static class Json
{
    public static JsonArray Array(IEnumerable<JsonNode?> items) => [.. items];

    public static JsonArray Texts(IEnumerable<string> items) => [.. items.Select(i => (JsonNode?)i)];

    public static JsonArray Texts(params string[] items) => Texts(items.AsEnumerable());

    public static JsonObject Id(string id) => new() { ["id"] = id };

    /// <summary>The reference form of the CLI, which adds the resource group.</summary>
    public static JsonObject Ref(string id, string group) => new() { ["id"] = id, ["resourceGroup"] = group };

    /// <summary>What <c>kubectl get ... -o json</c> prints for many objects.</summary>
    public static JsonObject List(IEnumerable<JsonNode?> items) => new()
    {
        ["apiVersion"] = "v1",
        ["items"] = Array(items),
        ["kind"] = "List",
        ["metadata"] = new JsonObject { ["resourceVersion"] = "" },
    };

    public static JsonObject Metadata(ExportScene scene, string? space, string name, string uidOf, int daysLater = 0)
    {
        var metadata = new JsonObject
        {
            ["creationTimestamp"] = scene.Created(daysLater),
            ["name"] = name,
        };
        if (space is not null)
            metadata["namespace"] = space;
        metadata["resourceVersion"] = (LabRandom.Hash(name) % 90_000_000).ToString();
        metadata["uid"] = LabIds.Guid(uidOf);
        return metadata;
    }
}
