using System.Text.Json;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Lake;

/// <summary>A column that others have added to a table: kept, and readable in queries.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Type">As the Delta protocol names it; the JSON text of a nested one.</param>
public sealed record AdditionalColumn(string Name, string Type);

/// <summary>The columns of a table in its log beside those that flowlog writes.</summary>
internal static class TableColumns
{
    /// <exception cref="InvalidDataException">Rows could not be read or written as flowlog's columns.</exception>
    public static void Check(DeltaMetadata metadata, TableDefinition definition, string table)
    {
        var fault = Fault(metadata, definition);
        if (fault is not null)
            throw new InvalidDataException($"The table '{table}' has other columns than this version of flowlog writes: {fault}. Use a new lake folder, or the version that made this one.");
    }

    /// <summary>What the table has beyond the columns of its definition, in its order.</summary>
    public static IReadOnlyList<AdditionalColumn> Additional(DeltaMetadata? metadata, IReadOnlyList<Column> known) =>
        metadata is null ? [] : [.. DeltaSchema.Read(metadata.SchemaJson).Where(f => !known.Any(c => IsNamed(c, f.Name))).Select(f => new AdditionalColumn(f.Name, f.Type))];

    private static string? Fault(DeltaMetadata metadata, TableDefinition definition)
    {
        IReadOnlyList<(string Name, string Type, bool Nullable)> fields;
        try
        {
            fields = DeltaSchema.Read(metadata.SchemaJson);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"its schema cannot be read ({e.Message})";
        }

        foreach (var column in definition.Columns)
        {
            var type = DeltaSchema.TypeName(column.Type);
            var field = fields.FirstOrDefault(f => f.Name == column.Name);
            if (field.Name is null)
                return $"the column {column.Name} is missing";
            if (field.Type != type)
                return $"the column {column.Name} is of the type {field.Type}, where {type} was expected";
            if (column.Nullable && !field.Nullable)
                return $"the column {column.Name} must not be null there";
        }

        if (!metadata.PartitionColumns.SequenceEqual(definition.PartitionColumns))
            return $"it is partitioned by {Names(metadata.PartitionColumns)}, where {Names(definition.PartitionColumns)} was expected";
        return fields.FirstOrDefault(f => !f.Nullable && !definition.Columns.Any(c => IsNamed(c, f.Name))) is { Name: { } required }
            ? $"the additional column {required} must not be null, and flowlog has nothing to put there"
            : null;
    }

    private static bool IsNamed(Column column, string name) => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string Names(IReadOnlyList<string> columns) => columns.Count == 0 ? "nothing" : string.Join(", ", columns);
}
