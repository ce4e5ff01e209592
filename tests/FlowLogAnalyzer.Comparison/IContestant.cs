namespace FlowLogAnalyzer.Comparison;

/// <summary>One way through the data. Prepared once, then run over some blobs; returns the rows it saw.</summary>
internal interface IContestant
{
    string Name { get; }

    /// <summary>What it does, for the table.</summary>
    string Does { get; }

    int Threads { get; }

    /// <param name="files">The blobs.</param>
    /// <param name="output">An empty folder for results.</param>
    ValueTask<long> RunAsync(IReadOnlyList<string> files, string output);
}
