namespace FlowLogAnalyzer.Query;

/// <summary>A column of a result; <paramref name="Type"/> is the CLR type of its cells.</summary>
public sealed record QueryColumn(string Name, Type Type);

/// <summary>
/// The rows of a query, read as they come. Cells are string, bool, long, double, DateTime (UTC), DateOnly,
/// a list of these, or null; every whole number is a long. Which engine answered cannot be told from them.
/// </summary>
public sealed class QueryRows : IDisposable
{
    private readonly IEnumerable<object?[]> _rows;
    private readonly IDisposable _owner;
    private IDisposable? _also;

    /// <param name="columns">Their names and types.</param>
    /// <param name="rows">Read once.</param>
    /// <param name="owner">What is let go when the reader has seen enough.</param>
    internal QueryRows(IReadOnlyList<QueryColumn> columns, IEnumerable<object?[]> rows, IDisposable owner)
    {
        Columns = columns;
        _rows = rows;
        _owner = owner;
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>The rows, once.</summary>
    public IEnumerable<object?[]> Read() => _rows;

    public void Dispose()
    {
        _owner.Dispose();
        _also?.Dispose();
    }

    /// <summary>The same rows; with them something else is let go.</summary>
    internal QueryRows Owning(IDisposable? also)
    {
        _also = also;
        return this;
    }
}
