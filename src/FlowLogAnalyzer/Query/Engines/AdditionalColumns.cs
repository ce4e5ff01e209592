using System.Text.RegularExpressions;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// Columns that another engine has added to the table: the view <c>lake_tuples</c> has them behind flowlog's own, with the types of
/// the table. Nested ones have no counterpart and are left out.
/// </summary>
internal static partial class AdditionalColumns
{
    public static IEnumerable<(string Name, string Type)> OfDuckDb(LakeDatabaseOptions options) => Of(options, t => t switch
    {
        "string" => "varchar",
        "long" => "bigint",
        "integer" => "integer",
        "short" => "smallint",
        "byte" => "tinyint",
        "float" => "float",
        "double" => "double",
        "boolean" => "boolean",
        "binary" => "blob",
        "date" => "date",
        "timestamp" => "timestamptz",
        "timestamp_ntz" => "timestamp",
        _ => Decimal().IsMatch(t) ? t : null,
    });

    public static IEnumerable<(string Name, string Type)> OfClickHouse(LakeDatabaseOptions options) => Of(options, t => t switch
    {
        "string" or "binary" => "Nullable(String)",
        "long" => "Nullable(Int64)",
        "integer" => "Nullable(Int32)",
        "short" => "Nullable(Int16)",
        "byte" => "Nullable(Int8)",
        "float" => "Nullable(Float32)",
        "double" => "Nullable(Float64)",
        "boolean" => "Nullable(Bool)",
        "date" => "Nullable(Date32)",
        "timestamp" or "timestamp_ntz" => "Nullable(DateTime64(6, 'UTC'))",
        _ => Decimal().IsMatch(t) ? $"Nullable({t})" : null,
    });

    private static IEnumerable<(string Name, string Type)> Of(LakeDatabaseOptions options, Func<string, string?> type) =>
        TableColumns.Additional(options.Snapshot.Metadata, FlowColumns.All).Select(c => (c.Name, Type: type(c.Type))).Where(c => c.Type is not null).Select(c => (c.Name, c.Type!));

    [GeneratedRegex(@"^decimal\(\d{1,2},\d{1,2}\)$", RegexOptions.None, 1000)]
    private static partial Regex Decimal();
}
