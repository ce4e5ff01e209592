using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>The weekly service tag file: tag name to prefixes.</summary>
internal static class ServiceTagReader
{
    public static void Read(JsonElement file, FileContent content)
    {
        foreach (var tag in file.Items("values").Where(t => t.Text("name") is not null))
        {
            content.Objects++;
            content.Entities.Add((InventoryKinds.ServiceTag, new ServiceTagEntity
            {
                Id = tag.Text("name")!.ToLowerInvariant(),
                Name = tag.Text("name")!,
                Prefixes = tag.Texts("addressPrefixes"),
                Cloud = file.Text("cloud"),
                ChangeNumber = file.Text("changeNumber"),
            }));
        }

        content.Complete.Add((InventoryKinds.ServiceTag, "*"));
    }
}
