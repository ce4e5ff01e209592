namespace FlowLogAnalyzer.Query;

/// <summary>How bad it is for the users of the cluster, by what was recorded and not by what might be.</summary>
public enum Severity
{
    /// <summary>An explanation or policy at work: nothing to do.</summary>
    Info,

    /// <summary>Hygiene, or an attempt that was refused: nobody was harmed. No matter how bad a rule looks, it is no more than this until traffic makes use of it.</summary>
    Low,

    /// <summary>Worth a look this week: an outage in waiting, a blind spot, or traffic for which no good reason is known.</summary>
    Medium,

    /// <summary>A part of the requests fails, or a step of an attack was made.</summary>
    High,

    /// <summary>Most requests fail, the cluster cannot work, or somebody can take it over.</summary>
    Critical,
}

/// <summary>How sure the interpretation is, given good inputs.</summary>
public enum Confidence
{
    /// <summary>One reading of several: the rows fit, and so would something harmless.</summary>
    Low,

    /// <summary>The likely reading; what the logs cannot show could turn it.</summary>
    Medium,

    /// <summary>What the rows say, with nothing left to guess.</summary>
    High,
}
