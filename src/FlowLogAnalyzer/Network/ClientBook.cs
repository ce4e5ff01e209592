using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Network;

/// <summary>Who is meant to call which Service, as flowlog.json says; where it says nothing, everybody who tried is.</summary>
internal sealed class ClientBook(FlowLogConfiguration configuration)
{
    /// <summary>The prefixes of a Service's expected clients; none when nothing is declared for it.</summary>
    public IReadOnlyList<string> RangesOf(string service) =>
        [.. configuration.ExpectedClients.Where(c => c.Service == "*" || c.Service.Equals(service, StringComparison.OrdinalIgnoreCase)).SelectMany(c => c.Prefixes).Distinct()];

    /// <summary>True for a client that is declared by name of its range; an undeclared Service expects nobody in particular.</summary>
    public bool IsDeclared(string service, IpAddressKey client) => RangeOf(RangesOf(service), client) is not null;

    /// <summary>The range that holds a client; null when none does.</summary>
    public static string? RangeOf(IReadOnlyList<string> ranges, IpAddressKey client) =>
        ranges.FirstOrDefault(r => AddressRange.TryParse(r, out var range) && range.Contains(client));
}
