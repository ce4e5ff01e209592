namespace FlowLogAnalyzer.Query;

/// <summary>A parameter of a query: read in SQL as <c>coalesce(getvariable('name'), default)</c>, so the file also runs without this tool.</summary>
public sealed record QueryParameter(string Name, string Type, string Default, string Meaning);

/// <summary>A table that a query needs; without an optional one it still runs, and the finding says what that costs.</summary>
public sealed record QueryInput(string Table, bool IsOptional);

/// <summary>One file of queries/: its SQL and what its header says (queries/README.md lists the keys).</summary>
public sealed record QueryFile
{
    /// <summary>The file's name without ending: <c>LBP-001</c>, <c>top_talkers</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>views</c>, <c>findings</c>, <c>explore</c> or another folder of queries/.</summary>
    public required string Folder { get; init; }

    /// <summary>The whole file; the header is comments.</summary>
    public required string Sql { get; init; }

    public string Title { get; init; } = "";
    public string Question { get; init; } = "";
    public Severity? Severity { get; init; }
    public Confidence? Confidence { get; init; }
    public IReadOnlyList<QueryInput> Inputs { get; init; } = [];
    public IReadOnlyList<QueryParameter> Parameters { get; init; } = [];

    /// <summary>MITRE ATT&amp;CK technique ids.</summary>
    public IReadOnlyList<string> Attack { get; init; } = [];
    public string FalsePositives { get; init; } = "";
    public string Explanation { get; init; } = "";
    public string Fix { get; init; } = "";
    public IReadOnlyList<string> Limits { get; init; } = [];
    public string EvidenceSql { get; init; } = "";

    /// <exception cref="QueryRefusedException">A variable is given that the query has no parameter for.</exception>
    internal void CheckVariables(IReadOnlyDictionary<string, string>? variables)
    {
        var unknown = variables?.Keys.Where(name => Parameters.All(p => p.Name != name)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unknown is null)
            return;

        var known = Parameters.Count == 0 ? "it has none" : $"it has {string.Join(", ", Parameters.Select(p => p.Name))}";
        throw new QueryRefusedException($"The query {Name} has no parameter '{unknown}'; {known}.");
    }
}
