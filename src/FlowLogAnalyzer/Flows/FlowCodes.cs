namespace FlowLogAnalyzer.Flows;

/// <summary>The direction of a flow as the NIC that logged it saw it.</summary>
public enum Direction : byte
{
    Unknown = 0,
    Inbound = 1,
    Outbound = 2,
}

/// <summary>What the rule decided. VNet logs have no field for it: there it follows from the state.</summary>
public enum Decision : byte
{
    Unknown = 0,
    Allow = 1,
    Deny = 2,
}

/// <summary>
/// The state of a flow, one meaning for all formats: a denied NSG v2 tuple is written with state B in the log and
/// is <see cref="Denied"/> here, as in VNet logs. <see cref="None"/> is an allowed v1 tuple, which has no state.
/// </summary>
public enum FlowState : byte
{
    None = 0,
    Begin = 1,
    Continuing = 2,
    End = 3,
    Denied = 4,
}

/// <summary>How the lake and every output spell the codes.</summary>
public static class FlowWords
{
    public static string? Word(this Direction direction) => direction switch
    {
        Direction.Inbound => "Inbound",
        Direction.Outbound => "Outbound",
        _ => null,
    };

    public static string? Word(this Decision decision) => decision switch
    {
        Decision.Allow => "Allow",
        Decision.Deny => "Deny",
        _ => null,
    };

    public static string? Word(this FlowState state) => state switch
    {
        FlowState.Begin => "Begin",
        FlowState.Continuing => "Continuing",
        FlowState.End => "End",
        FlowState.Denied => "Denied",
        _ => null,
    };

    public static string Word(this LogFormat format) => format switch
    {
        LogFormat.NsgV1 => "nsg-v1",
        LogFormat.NsgV2 => "nsg-v2",
        LogFormat.VnetV4 => "vnet-v4",
        _ => "unknown",
    };
}
