using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>The weekly service tag file: tag name to prefixes.</summary>
internal static class ServiceTagReader
{
    public static void Read(JsonElement file, FileContent content)
    {
        var refused = content.Refused.Count;
        var (cloud, change) = (file.Text("cloud"), file.Text("changeNumber"));
        foreach (var tag in file.Items("values"))
        {
            content.Seen++;
            ObjectGate.Pass(tag, content, () => Read(tag, cloud, change, content));
        }

        if (content.Refused.Count == refused)
            content.Complete.Add((InventoryKinds.ServiceTag, "*"));
    }

    private static void Read(JsonElement tag, string? cloud, string? change, FileContent content)
    {
        var name = tag.Text("name") ?? throw new FieldException("name", "is missing");
        content.Objects++;
        content.Entities.Add((InventoryKinds.ServiceTag, new ServiceTagEntity
        {
            Id = name.ToLowerInvariant(),
            Name = name,
            Prefixes = tag.Prefixes("addressPrefixes"),
            Cloud = cloud,
            ChangeNumber = change,
        }));
    }
}
