using System.Runtime.CompilerServices;
using System.Text.Json;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>A feature that a table uses, and what in its metadata says so.</summary>
internal readonly record struct ActiveFeature(string Name, string Because);

/// <summary>
/// The specification's table of what in a table's metadata makes which feature active, and which features a protocol lists.
/// With writer version 7 every active feature has to be listed: engines refuse to open a table where one is not.
/// </summary>
internal static class TableFeatures
{
    private static readonly Dictionary<string, string> BySwitch = new(StringComparer.OrdinalIgnoreCase)
    {
        ["delta.appendOnly"] = FeatureNames.AppendOnly,
        ["delta.enableChangeDataFeed"] = FeatureNames.ChangeDataFeed,
        ["delta.enableDeletionVectors"] = FeatureNames.DeletionVectors,
        ["delta.enableRowTracking"] = FeatureNames.RowTracking,
        ["delta.enableInCommitTimestamps"] = FeatureNames.InCommitTimestamp,
        ["delta.enableTypeWidening"] = FeatureNames.TypeWidening,
        ["delta.enableIcebergCompatV1"] = FeatureNames.IcebergCompatV1,
        ["delta.enableIcebergCompatV2"] = FeatureNames.IcebergCompatV2,
        ["delta.enableVariantShredding"] = FeatureNames.VariantShredding,
    };

    /// <summary>Asked at every commit, of the same metadata.</summary>
    private static readonly ConditionalWeakTable<DeltaMetadata, IReadOnlyList<ActiveFeature>> Known = [];

    /// <summary>Every feature that the metadata makes active, each once.</summary>
    /// <exception cref="InvalidDataException">The schema cannot be read.</exception>
    public static IReadOnlyList<ActiveFeature> Active(DeltaMetadata metadata) => Known.GetValue(metadata, Find);

    private static IReadOnlyList<ActiveFeature> Find(DeltaMetadata metadata)
    {
        var active = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (property, value) in metadata.Configuration)
            if (OfProperty(property, value) is { } feature)
                active.TryAdd(feature, $"the property {property} is '{value}'");
        try
        {
            using var schema = JsonDocument.Parse(metadata.SchemaJson);
            OfType(schema.RootElement, active);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"The metaData action of the table '{metadata.Name ?? metadata.Id}' has a schema that cannot be read: {e.Message}", e);
        }

        return [.. active.Select(a => new ActiveFeature(a.Key, a.Value))];
    }

    /// <summary>What a protocol lists, by name or, below the versions that have lists, by its number (protocol, "Writer Version Requirements").</summary>
    public static IReadOnlySet<string> Listed(DeltaProtocol protocol)
    {
        var listed = new HashSet<string>(protocol.ReaderFeatures.Concat(protocol.WriterFeatures), StringComparer.Ordinal);
        if (protocol.MinReaderVersion == 2)
            listed.Add(FeatureNames.ColumnMapping);
        if (protocol.MinWriterVersion is >= 2 and < 7)
            listed.UnionWith([FeatureNames.AppendOnly, FeatureNames.Invariants]);
        if (protocol.MinWriterVersion is >= 3 and < 7)
            listed.Add(FeatureNames.CheckConstraints);
        if (protocol.MinWriterVersion is >= 4 and < 7)
            listed.UnionWith([FeatureNames.ChangeDataFeed, FeatureNames.GeneratedColumns]);
        if (protocol.MinWriterVersion is >= 5 and < 7)
            listed.Add(FeatureNames.ColumnMapping);
        if (protocol.MinWriterVersion == 6)
            listed.Add(FeatureNames.IdentityColumns);
        return listed;
    }

    /// <summary>Active features that the protocol does not list; none in a table that every engine opens.</summary>
    public static IReadOnlyList<ActiveFeature> Missing(DeltaProtocol protocol, DeltaMetadata metadata)
    {
        var listed = Listed(protocol);
        return [.. Active(metadata).Where(a => !listed.Contains(a.Name))];
    }

    private static string? OfProperty(string property, string value)
    {
        if (BySwitch.TryGetValue(property, out var feature))
            return value.Equals("true", StringComparison.OrdinalIgnoreCase) ? feature : null;
        if (property.StartsWith("delta.constraints.", StringComparison.OrdinalIgnoreCase))
            return FeatureNames.CheckConstraints;
        if (property.Equals("delta.columnMapping.mode", StringComparison.OrdinalIgnoreCase))
            return value.Equals("none", StringComparison.OrdinalIgnoreCase) ? null : FeatureNames.ColumnMapping;
        return property.Equals("delta.checkpointPolicy", StringComparison.OrdinalIgnoreCase) && value.Equals("v2", StringComparison.OrdinalIgnoreCase)
            ? FeatureNames.V2Checkpoint
            : null;
    }

    /// <summary>A type is a name or an object; structs, lists and maps hold further ones.</summary>
    private static void OfType(JsonElement type, Dictionary<string, string> active)
    {
        if (type.ValueKind == JsonValueKind.String)
        {
            if (type.ValueEquals("timestamp_ntz"))
                active.TryAdd(FeatureNames.TimestampNtz, "a column is of the type timestamp_ntz");
            else if (type.ValueEquals("variant"))
                active.TryAdd(FeatureNames.VariantType, "a column is of the type variant");
            return;
        }

        if (type.TryGetProperty("fields", out var fields))
            foreach (var field in fields.EnumerateArray())
                OfField(field, active);
        foreach (var part in new[] { "elementType", "keyType", "valueType" })
            if (type.TryGetProperty(part, out var inner))
                OfType(inner, active);
    }

    private static void OfField(JsonElement field, Dictionary<string, string> active)
    {
        var name = field.GetProperty("name").GetString();
        if (!field.GetProperty("nullable").GetBoolean())
            active.TryAdd(FeatureNames.Invariants, $"the column {name} is not nullable");
        if (field.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object)
            foreach (var entry in metadata.EnumerateObject())
                if (OfFieldMetadata(entry.Name) is { } feature)
                    active.TryAdd(feature, $"the column {name} has '{entry.Name}'");
        OfType(field.GetProperty("type"), active);
    }

    private static string? OfFieldMetadata(string key) => key switch
    {
        "delta.invariants" => FeatureNames.Invariants,
        "delta.generationExpression" => FeatureNames.GeneratedColumns,
        "CURRENT_DEFAULT" => FeatureNames.ColumnDefaults,
        "delta.typeChanges" => FeatureNames.TypeWidening,
        _ => key.StartsWith("delta.identity.", StringComparison.Ordinal) ? FeatureNames.IdentityColumns : null,
    };
}
