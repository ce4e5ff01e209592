using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Reports;

/// <summary>All rows of a query of queries/report, with the query that made them.</summary>
internal sealed record ResultTable(QueryFile Query, IReadOnlyDictionary<string, string> Variables, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Cells)
{
    public IEnumerable<ResultRow> Rows => Cells.Select(cells => new ResultRow(this, cells));

    public static ResultTable Of(LakeDatabase database, string name, params (string Name, string Value)[] variables)
    {
        var query = database.Library.Find(name) ?? throw new InvalidDataException($"queries/report/{name}.sql is missing; the report needs it.");
        var values = variables.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
        using var rows = database.Run(query, values);
        return new ResultTable(query, values, [.. rows.Columns.Select(c => c.Name)], [.. rows.Read()]);
    }

    /// <summary>The command that repeats the query for a week; the lake is that of the environment.</summary>
    public string Command(IsoWeek week) =>
        $"flowlog query {Query.Name} --since {week} --until {week.Next}" + string.Concat(Variables.Select(v => $" --set {v.Key}={v.Value}"));

    internal int Index(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
            if (Columns[i] == column)
                return i;
        throw new InvalidDataException($"queries/report/{Query.Name}.sql returns no column {column}.");
    }
}

/// <summary>A row, its cells by column name.</summary>
internal readonly record struct ResultRow(ResultTable Table, object?[] Cells)
{
    public object? this[string column] => Cells[Table.Index(column)];

    public string Text(string column) => ReportText.Plain(this[column]);

    public long Long(string column) => this[column] as long? ?? 0;

    public double Double(string column) => this[column] as double? ?? 0;

    public DateTime? Time(string column) => this[column] as DateTime?;
}
