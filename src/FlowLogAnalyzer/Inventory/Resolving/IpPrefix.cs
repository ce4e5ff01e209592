using System.Globalization;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Inventory.Resolving;

/// <summary>A CIDR prefix over the 128 bits of <see cref="IpAddressKey"/>: IPv4 lengths are 96 higher there.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IpPrefix(UInt128 Network, int Length)
{
    /// <summary>Accepts CIDR notation or a single address; host bits are cleared.</summary>
    public static bool TryParse(string? text, out IpPrefix prefix)
    {
        prefix = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (!IpAddressKey.TryParse(slash < 0 ? text : text![..slash], out var address))
            return false;

        var bits = address.IsIPv6 ? 128 : 32;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
            return false;

        length += 128 - bits;
        prefix = new IpPrefix(Mask(address.Bits, length), length);
        return true;
    }

    public bool Contains(IpAddressKey address) => Mask(address.Bits, Length) == Network;

    public static UInt128 Mask(UInt128 bits, int length) => length == 0 ? UInt128.Zero : bits & (UInt128.MaxValue << (128 - length));
}
