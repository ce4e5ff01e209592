namespace FlowLogAnalyzer.Query;

/// <summary>A statement that this tool does not run; the message is a sentence that says why.</summary>
public sealed class QueryRefusedException(string message) : Exception(message);
