using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg.Suggest;

/// <summary>Numbers that the user keeps for others, both included.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential)]
public readonly record struct PriorityBlock(int First, int Last);

/// <summary>How priorities for new rules are chosen.</summary>
public sealed record PriorityOptions
{
    /// <summary>Distance to the rule that follows, so that a later rule fits between.</summary>
    public int Gap { get; init; } = 10;

    public IReadOnlyList<PriorityBlock> Reserved { get; init; } = [];
}

/// <summary>Finds a number for a rule that has to come before another.</summary>
public static class FreePriority
{
    /// <summary>User rules are numbered from here (Azure docs, network-security-groups-overview).</summary>
    public const int Lowest = 100;

    public const int Highest = 4096;

    /// <summary>
    /// The largest free number at least the gap below <paramref name="priority"/>; with a smaller gap when there is none.
    /// Null when every number from 100 up to it is taken or reserved.
    /// </summary>
    /// <param name="nsg">Whose numbers are taken.</param>
    /// <param name="direction">Numbers are unique per direction.</param>
    /// <param name="priority">Of the first rule that denies what the new rule is to allow.</param>
    /// <param name="options">Gap and reserved blocks.</param>
    public static int? Before(NetworkSecurityGroup nsg, Direction direction, int priority, PriorityOptions? options = null)
    {
        options ??= new PriorityOptions();
        var taken = nsg.Rules.Where(r => r.Direction == direction).Select(r => r.Priority).ToHashSet();
        return Largest(Math.Min(priority, Highest) - options.Gap) ?? Largest(Math.Min(priority - 1, Highest));

        int? Largest(int from)
        {
            for (var number = from; number >= Lowest; number--)
            {
                if (!taken.Contains(number) && !options.Reserved.Any(b => number >= b.First && number <= b.Last))
                    return number;
            }

            return null;
        }
    }
}
