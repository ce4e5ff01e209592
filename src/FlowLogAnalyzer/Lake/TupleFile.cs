namespace FlowLogAnalyzer.Lake;

/// <summary>An active data file of the table <c>tuples</c>.</summary>
/// <param name="RelativePath">Below the table's folder, as in the log: <c>event_date=2026-11-23/part-….parquet</c>.</param>
/// <param name="LocalPath">What a query engine on this machine opens; null when the lake is remote and the file not cached.</param>
/// <param name="Date">The partition.</param>
/// <param name="Rows">Rows in the file.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="MinTime">The least <c>time</c> in the file, UTC; null when the log does not say.</param>
/// <param name="MaxTime">The greatest one.</param>
public sealed record TupleFile(string RelativePath, string? LocalPath, DateOnly Date, long Rows, long Bytes, DateTime? MinTime, DateTime? MaxTime);
