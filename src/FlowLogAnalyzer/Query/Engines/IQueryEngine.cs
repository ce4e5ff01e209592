using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// What runs the SQL of queries/ over one lake: it has the view <c>lake_tuples</c> from the start, and everything else is
/// defined through it. Used by one thread; only <see cref="Interrupt"/> may come from another.
/// </summary>
internal interface IQueryEngine : IDisposable
{
    /// <summary>Of its prelude: <c>queries/engines/NAME.sql</c>.</summary>
    string Name { get; }

    /// <summary>Takes a file of queries/: macros, views and comments on them. An engine may make each when it is first read.</summary>
    /// <param name="file">The prelude or a file of views.</param>
    void Define(QueryFile file);

    /// <summary>Makes an empty table.</summary>
    void Create(TableShape shape);

    /// <summary>Adds rows to a table that <see cref="Create"/> made.</summary>
    void Append(TableShape shape, IEnumerable<object?[]> rows);

    /// <summary>Computes a view and lets its name stand for the result from then on, also in the views that read it.</summary>
    void Materialise(string view);

    /// <summary>From now on nothing but the lake and these tables can be read.</summary>
    void LockDown();

    /// <summary>Lets through one statement that only reads.</summary>
    /// <exception cref="QueryRefusedException">It is something else.</exception>
    void CheckReads(string sql);

    /// <summary>The rows of what somebody typed, if it is one statement that reads the lake and nothing else.</summary>
    /// <exception cref="QueryRefusedException">It is something else.</exception>
    QueryRows Ask(string sql, IReadOnlyDictionary<string, string> variables);

    /// <summary>The rows of a statement.</summary>
    /// <param name="sql">One statement that reads.</param>
    /// <param name="variables">What <c>getvariable</c> answers: SQL literals by name; null for all others.</param>
    QueryRows Read(string sql, IReadOnlyDictionary<string, string> variables);

    /// <summary>Stops what runs, from another thread: it ends with an exception.</summary>
    void Interrupt();
}
