using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>The JSON of entities in documents: one spelling per value, since equal entities are told by equal JSON.</summary>
internal static class EntityJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static InventoryDocument ToDocument(DateTime asOf, string kind, InventoryEntity entity) =>
        new(asOf, kind, entity.Id, entity.Name, JsonSerializer.Serialize(entity, entity.GetType(), Options));

    /// <exception cref="InvalidDataException">The document does not hold an entity of its kind.</exception>
    public static InventoryEntity FromDocument(InventoryDocument document)
    {
        try
        {
            return (InventoryEntity)(JsonSerializer.Deserialize(document.Json, InventoryKinds.Types[document.Kind], Options)
                ?? throw new JsonException("the document is null"));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(
                $"The inventory document {document.Kind} {document.Name} of {document.AsOf:u} cannot be read: {error.Message}. Import that snapshot again.", error);
        }
    }
}
