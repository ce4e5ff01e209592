namespace FlowLogAnalyzer.Query.Engines;

/// <summary>A ClickHouse server, asked over HTTP, that reads the lake by itself.</summary>
/// <param name="Url">Of its HTTP interface: <c>http://HOST:8123</c> or <c>https://HOST:8443</c>.</param>
public sealed record ClickHouseOptions(Uri Url)
{
    /// <summary>Null = the server's default user.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>
    /// How the server reads the table <c>tuples</c>: a table function such as <c>deltaLakeAzureCluster('{cluster}', flowlog)</c>, or
    /// the name of a table; null = told from where the lake is, with the server's own rights.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>The user may do more than a run needs, and that is known. Otherwise such a user is refused.</summary>
    public bool TrustsUser { get; init; }

    /// <summary>The address; the password stays out of messages.</summary>
    public override string ToString() => Url.GetLeftPart(UriPartial.Path).TrimEnd('/');
}
