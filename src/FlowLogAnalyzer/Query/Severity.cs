namespace FlowLogAnalyzer.Query;

/// <summary>How bad it is for the users of the cluster.</summary>
public enum Severity
{
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>How sure the interpretation is, given good inputs.</summary>
public enum Confidence
{
    Low,
    Medium,
    High,
}
