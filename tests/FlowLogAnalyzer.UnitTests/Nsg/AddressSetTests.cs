using CsCheck;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Tests.Nsg;

public class AddressSetTests
{
    /// <summary>Few addresses at the edges of both families, so that ranges meet and touch.</summary>
    private static readonly IpAddressKey[] Points =
    [
        .. Enumerable.Range(0, 6).Select(i => IpAddressKey.FromIPv4((uint)i)),
        .. Enumerable.Range(0, 3).Select(i => IpAddressKey.FromIPv4(uint.MaxValue - (uint)i)),
        .. Enumerable.Range(0, 4).Select(i => IpAddressKey.FromIPv6((UInt128)i)),
        .. Enumerable.Range(0, 3).Select(i => IpAddressKey.FromIPv6(UInt128.MaxValue - (UInt128)i)),
    ];

    private static readonly Gen<AddressRange> Range =
        Gen.Select(Gen.OneOf(Points), Gen.OneOf(Points))
            .Where((a, b) => a.IsIPv6 == b.IsIPv6)
            .Select((a, b) => a.Bits <= b.Bits ? new AddressRange(a, b) : new AddressRange(b, a));

    [Fact]
    public void Set_operations_agree_with_membership_of_every_point()
    {
        Gen.Select(Range.Array[0, 5], Range.Array[0, 5]).Sample(
            (a, b) =>
            {
                var (left, right) = (AddressSet.Of(a), AddressSet.Of(b));
                foreach (var point in Points)
                {
                    var inLeft = a.Any(r => r.Contains(point));
                    var inRight = b.Any(r => r.Contains(point));
                    Assert.Equal(inLeft, left.Contains(point));
                    Assert.Equal(inLeft || inRight, left.Union(right).Contains(point));
                    Assert.Equal(inLeft && !inRight, left.Except(right).Contains(point));
                    Assert.Equal(inLeft && inRight, left.Intersect(right).Contains(point));
                }

                Assert.True(left.Union(right).Covers(left));
                Assert.Equal(left.Except(right).IsEmpty, right.Covers(left));
            },
            iter: 2000);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.0.0.4", "10.0.0.4/32")]
    [InlineData("10.0.0.77/24", "10.0.0.0/24")]
    [InlineData("10.0.0.4-10.0.0.9", "10.0.0.4-10.0.0.9")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("::/0", "::/0")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    public void Reads_and_writes_prefixes(string text, string canonical)
    {
        Assert.True(AddressRange.TryParse(text, out var range));
        Assert.Equal(canonical, range.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("10")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.9-10.0.0.4")]
    [InlineData("fe80::1%3")]
    [InlineData("VirtualNetwork")]
    [InlineData("10.0.0.4-fe80::1")]
    public void Other_text_is_no_address(string? text)
    {
        Assert.False(AddressRange.TryParse(text, out _));
    }

    [Theory]
    [InlineData("*", "*")]
    [InlineData("0-65535", "*")]
    [InlineData(" 80 ", "80")]
    [InlineData("80-90", "80-90")]
    public void Reads_ports(string text, string canonical)
    {
        Assert.True(PortRange.TryParse(text, out var range));
        Assert.Equal(canonical, range.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("90-80")]
    [InlineData("65536")]
    [InlineData("+80")]
    [InlineData("[parameters('p')]")]
    public void Other_text_is_no_port(string text)
    {
        Assert.False(PortRange.TryParse(text, out _));
    }
}
