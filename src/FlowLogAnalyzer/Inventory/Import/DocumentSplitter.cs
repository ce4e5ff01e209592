using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Nsg.Import;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>What one file held: entities, and the (kind, scope) pairs it listed completely.</summary>
internal sealed class FileContent
{
    public List<(string Kind, InventoryEntity Entity)> Entities { get; } = [];
    public HashSet<(string Kind, string Scope)> Complete { get; } = [];
    public List<string> Remarks { get; } = [];

    /// <summary>Objects that cannot be used, and why; each begins with the object's name.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>True when some text of the file may be no text.</summary>
    public bool MayHoldBadText { get; init; }

    /// <summary>Objects looked at so far, the one at hand included.</summary>
    public int Seen { get; set; }

    public SortedDictionary<string, int> Unused { get; } = new(StringComparer.Ordinal);

    /// <summary>Objects understood, with those that have nothing to say.</summary>
    public int Objects { get; set; }
}

/// <summary>Opens the envelopes of an export (kubectl lists, ARM pages, az arrays, recordings) and reads what is inside.</summary>
internal static class DocumentSplitter
{
    private static readonly HashSet<string> Namespaced =
        [InventoryKinds.Service, InventoryKinds.EndpointSlice, InventoryKinds.Pod, InventoryKinds.Ingress, InventoryKinds.NetworkPolicy];

    public static FileContent Split(JsonElement root, bool mayHoldBadText = false)
    {
        var content = new FileContent { MayHoldBadText = mayHoldBadText };
        try
        {
            Visit(root, content);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Round the objects something is wrong: those that were read before that are good.
            var what = e is FieldException ? e.Message : BadText.Find(root) is { } path ? $"the field '{path}' holds half a surrogate pair, or bytes that are no UTF-8" : e.Message;
            content.Complete.Clear();
            content.Refused.Add($"what is behind object {content.Seen} is refused: {what}");
        }

        return content;
    }

    private static void Visit(JsonElement element, FileContent content)
    {
        if (element.ValueKind == JsonValueKind.Array)
            VisitList(element.EnumerateArray(), content, null, complete: true);
        else if (element.ValueKind == JsonValueKind.Object)
            VisitObject(element, content);
        else
            content.Remarks.Add($"a {element.ValueKind} stands where an object or an array was expected");
    }

    private static void VisitObject(JsonElement element, FileContent content)
    {
        if (element.Get("items").ValueKind == JsonValueKind.Array && element.Text("kind") is { } listKind && listKind.EndsWith("List", StringComparison.Ordinal))
            VisitList(element.Get("items").EnumerateArray(), content, listKind == "List" ? null : listKind[..^4], complete: element.Text("metadata.continue") is null);
        else if (element.Get("interactions").ValueKind == JsonValueKind.Array)
            foreach (var interaction in element.Items("interactions"))
                VisitRecorded(interaction.At("response.body"), content);
        else if (element.Get("values").ValueKind == JsonValueKind.Array && !element.Get("changeNumber").IsNothing())
            ServiceTagReader.Read(element, content);
        else if (element.Get("value").ValueKind == JsonValueKind.Array)
            VisitPage(element, content);
        else if (element.Get("resources").ValueKind == JsonValueKind.Array && element.Text("$schema") is not null)
            content.Remarks.Add("this is an ARM template: its expressions are not values; export the deployed resources instead, such as `az network nsg list -o json`");
        else if (AzureReader.TypeOf(element) is null && AzureReader.KindOf(element.Get("data")) is not null)
            Visit(element.Get("data"), content);
        else
            VisitItem(element, content, null);
    }

    /// <summary>A recorded answer is JSON, or text that holds JSON.</summary>
    private static void VisitRecorded(JsonElement body, FileContent content)
    {
        var data = body.Get("data");
        if (data.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            Visit(data, content);
        }
        else if ((data.IsNothing() ? body.Text("string") : data.ValueKind == JsonValueKind.String ? data.GetString() : null) is { } text && text.TrimStart() is ['{' or '[', ..])
        {
            using var document = JsonDocument.Parse(text);
            Visit(document.RootElement, content);
        }
    }

    private static void VisitPage(JsonElement page, FileContent content)
    {
        var more = page.Text("nextLink") is not null;
        if (more)
            content.Remarks.Add("nextLink says that more pages follow: what is not on this page is taken as unknown, not as gone");

        VisitList(page.Get("value").EnumerateArray(), content, null, complete: !more);
    }

    private static void VisitList(IEnumerable<JsonElement> items, FileContent content, string? itemKind, bool complete)
    {
        var (before, refused) = (content.Entities.Count, content.Refused.Count);
        foreach (var item in items)
            if (item.ValueKind == JsonValueKind.Object && item.Get("apiVersion").IsNothing() && itemKind is null && item.Get("value").ValueKind == JsonValueKind.Array)
                VisitPage(item, content);
            else
                VisitItem(item, content, itemKind);

        // What was refused is there all the same: the list does not say of what there is nothing.
        if (complete && content.Refused.Count == refused)
            AddCoverage(content, content.Entities.Skip(before), itemKind is null ? null : KubernetesReader.KindOf(itemKind));
    }

    private static void AddCoverage(FileContent content, IEnumerable<(string Kind, InventoryEntity Entity)> entities, string? listed)
    {
        // An empty typed list is the only one that says of what there is nothing.
        if (listed is not null && !Namespaced.Contains(listed))
            content.Complete.Add((listed, "*"));

        // The Activity Log lists what happened in some days, not what there is.
        foreach (var group in entities.Where(e => e.Kind != InventoryKinds.Activity).GroupBy(e => e.Kind))
        {
            var scopes = group.Select(e => e.Entity.Scope).ToHashSet(StringComparer.Ordinal);
            // Entities of several namespaces come from -A; those of one may come from -n.
            if (Namespaced.Contains(group.Key) && scopes.Count > 1)
                content.Complete.Add((group.Key, "*"));

            content.Complete.UnionWith(scopes.Select(s => (group.Key, s)));
        }
    }

    private static void VisitItem(JsonElement item, FileContent content, string? itemKind)
    {
        content.Seen++;
        ObjectGate.Pass(item, content, () => ReadItem(item, content, itemKind));
    }

    private static void ReadItem(JsonElement item, FileContent content, string? itemKind)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            content.Remarks.Add($"a {item.ValueKind} stands where an object was expected");
            return;
        }

        var kubernetes = itemKind ?? (item.Text("apiVersion") is not null ? item.Text("kind") : null);
        if (kubernetes is not null)
            AddKubernetes(kubernetes, item, content);
        else
            AddAzure(item, content);
    }

    private static void AddKubernetes(string name, JsonElement item, FileContent content)
    {
        if (KubernetesReader.KindOf(name) is not { } kind)
        {
            content.Unused[name] = content.Unused.GetValueOrDefault(name) + 1;
            return;
        }

        content.Objects++;
        if (KubernetesReader.Read(kind, item) is { } entity)
            content.Entities.Add((kind, entity));
    }

    private static void AddAzure(JsonElement item, FileContent content)
    {
        if (AzureReader.KindOf(item) is { } kind)
        {
            content.Objects++;
            content.Entities.AddRange(AzureReader.Read(kind, item));
            if (kind is InventoryKinds.Nsg or InventoryKinds.AdminRule or InventoryKinds.EffectiveNsg)
                content.Remarks.AddRange(NsgJson.Read(item, "The NSG").Notes.Select(n => n.TrimEnd('.')));
        }
        else
        {
            var name = AzureReader.TypeOf(item) ?? "object without apiVersion, type or id";
            content.Unused[name] = content.Unused.GetValueOrDefault(name) + 1;
        }
    }
}
