using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Timeline;

/// <summary>
/// One version of an entity and when it held, half open. Within [<see cref="SureFrom"/>, <see cref="SureTo"/>) nothing
/// contradicts it; outside, a snapshot lacked the entity and nobody knows when it came or went.
/// </summary>
internal sealed record Valid<T>(T Entity, DateTime From, DateTime To) : IInterval
    where T : InventoryEntity
{
    public DateTime SureFrom { get; init; } = From;
    public DateTime SureTo { get; init; } = To;

    /// <summary>First and last snapshot that showed the entity, whatever its version.</summary>
    public DateTime FirstSeen { get; init; } = From;
    public DateTime LastSeen { get; init; } = To;

    public bool Overlaps(DateTime from, DateTime to) => From < to && from < To;
}

/// <summary>Half open, UTC.</summary>
internal interface IInterval
{
    DateTime From { get; }
    DateTime To { get; }
}
