namespace FlowLogAnalyzer.Ingest;

/// <summary>The books of a run do not balance. What was committed is whole, but a counter or a stage is wrong.</summary>
public sealed class ConservationException(string message) : Exception(message);

/// <summary>Nothing is lost and nothing is counted twice: checked at the end of every run.</summary>
internal static class Conservation
{
    /// <param name="law">What must be equal to what.</param>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <param name="blob">Of which blob; null = of the run.</param>
    public static void Check(string law, long left, long right, string? blob = null)
    {
        if (left != right)
            throw new ConservationException($"The law '{law}' is broken{(blob is null ? "" : $" for '{blob}'")}: {left} on the left, {right} on the right. This is a bug in flowlog; please report it with the command that you ran.");
    }
}
