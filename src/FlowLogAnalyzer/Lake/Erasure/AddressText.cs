using System.Text;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Erasure;

/// <summary>
/// Finds one address in text, however it is spelled, and takes it out. In its place comes the address that nobody has, so that what was an
/// address still is one and documents can be read as before. A range that holds the address (10.1.0.0/16) is not the address.
/// </summary>
internal sealed partial class AddressText(IpAddressKey address)
{
    private readonly string _nobody = address.IsIPv6 ? "::" : "0.0.0.0";

    public IpAddressKey Address => address;

    public bool IsIn(string? text) => text is not null && Candidates().EnumerateMatches(text).MoveNext() && Candidates().Matches(text).Any(IsIt);

    public bool IsIn(ReadOnlySpan<byte> utf8) => IsIn(Encoding.UTF8.GetString(utf8));

    public string Erase(string text) => Candidates().Replace(text, match => IsIt(match) ? _nobody : match.Value);

    /// <summary>What looks like an address and is not a part of a longer one. A prefix length that leaves a whole range is taken along, so that it does not match.</summary>
    [GeneratedRegex(@"(?<![0-9A-Za-z.:])(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?:\d{1,3}\.){3}\d{1,3})?)(?![0-9A-Za-z]|\.\d)(?:/\d{1,3}(?!\d))?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Candidates();

    private bool IsIt(Match match)
    {
        var slash = match.Value.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            return IpAddressKey.TryParse(match.Value, out var plain) && plain.Bits == address.Bits;
        var isWhole = match.Value[(slash + 1)..] == (match.Value.Contains(':', StringComparison.Ordinal) ? "128" : "32");
        return isWhole && IpAddressKey.TryParse(match.Value[..slash], out var key) && key.Bits == address.Bits;
    }
}
