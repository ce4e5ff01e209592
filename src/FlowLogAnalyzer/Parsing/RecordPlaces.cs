namespace FlowLogAnalyzer.Parsing;

/// <summary>Where in a record the walk is. Containers that lead nowhere are not places: they are skipped whole.</summary>
internal enum Place : byte
{
    None = 0,
    Record,
    Properties,
    NsgFlows,
    NsgFlow,
    NsgInners,
    NsgInner,
    FlowRecords,
    VnetFlows,
    VnetFlow,
    VnetGroups,
    VnetGroup,
    Tuples,
}

/// <summary>One open container on the way from the record to the tuples.</summary>
internal struct PlaceFrame
{
    public Place Place;

    /// <summary>Bit set of the <see cref="Name"/>s seen in this object.</summary>
    public uint Seen;

    /// <summary>Rows of the batch when the container began: what a doubled key goes back to.</summary>
    public int FirstRow;

    /// <summary>Groups of the record when the container began.</summary>
    public int FirstGroup;

    /// <summary>The <c>rule</c>, <c>mac</c> or <c>aclID</c> of this object.</summary>
    public string? Rule;
    public string? Mac;
    public string? AclId;
}

/// <summary>The map of a record: which name leads from which place to which.</summary>
internal static class RecordPlaces
{
    /// <summary>The place behind an object or array, or <see cref="Place.None"/>.</summary>
    public static Place Behind(Place place, Name name, bool isObject) => (place, name, isObject) switch
    {
        (Place.None, _, true) => Place.Record,
        (Place.Record, Name.Properties, true) => Place.Properties,
        (Place.Properties, Name.Flows, false) => Place.NsgFlows,
        (Place.NsgFlows, _, true) => Place.NsgFlow,
        (Place.NsgFlow, Name.Flows, false) => Place.NsgInners,
        (Place.NsgFlow, Name.FlowGroups, false) => Place.VnetGroups,
        (Place.NsgInners, _, true) => Place.NsgInner,
        (Place.NsgInner, Name.FlowTuples, false) => Place.Tuples,
        (Place.Record, Name.FlowRecords, true) => Place.FlowRecords,
        (Place.Record, Name.FlowRecords, false) => Place.Tuples,
        (Place.FlowRecords, Name.Flows, false) => Place.VnetFlows,
        (Place.VnetFlows, _, true) => Place.VnetFlow,
        (Place.VnetFlow, Name.FlowGroups, false) => Place.VnetGroups,
        (Place.VnetFlow, Name.Flows, false) => Place.NsgInners,
        (Place.VnetGroups, _, true) => Place.VnetGroup,
        (Place.VnetGroup, Name.FlowTuples, false) => Place.Tuples,
        _ => Place.None,
    };

    /// <summary>True for names whose value must be a container here, or the tuples are out of reach.</summary>
    public static bool Leads(Place place, Name name) => Behind(place, name, true) != Place.None || Behind(place, name, false) != Place.None;

    public static bool IsArray(Place place) => place is Place.NsgFlows or Place.NsgInners or Place.VnetFlows or Place.VnetGroups or Place.Tuples;

    /// <summary>True when a name has a meaning in this place.</summary>
    public static bool Knows(Place place, Name name) => Leads(place, name) || (place, name) switch
    {
        (Place.Record, Name.Time or Name.SystemId or Name.MacAddress or Name.Category or Name.ResourceId) => true,
        (Place.Record, Name.FlowLogVersion or Name.FlowLogGuid or Name.FlowLogResourceId or Name.TargetResourceId or Name.Records) => true,
        (Place.Properties, Name.Version) => true,
        (Place.NsgFlow or Place.VnetGroup, Name.Rule) => true,
        (Place.NsgInner, Name.Mac or Name.PortId or Name.PortName) => true,
        (Place.NsgFlow, Name.PortId or Name.PortName) => true,
        (Place.VnetFlow, Name.AclId) => true,
        _ => false,
    };
}
