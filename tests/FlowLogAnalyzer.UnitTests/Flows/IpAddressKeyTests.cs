using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Tests.Flows;

public class IpAddressKeyTests
{
    [Theory]
    [InlineData("10.0.0.1", "00000000000000000000ffff0a000001", "10.0.0.1")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "20010db8000000000000000000000001", "2001:db8::1")]
    [InlineData("::ffff:10.0.0.1", "00000000000000000000ffff0a000001", "::ffff:10.0.0.1")]
    public void Spells_an_address_and_its_key(string text, string hex, string canonical)
    {
        Assert.True(IpAddressKey.TryParse(text, out var key));
        Assert.Equal(hex, key.ToHex());
        Assert.Equal(canonical, key.ToString());
    }

    [Fact]
    public void Text_order_of_keys_is_address_order()
    {
        string[] inOrder = ["9.255.255.255", "10.0.0.1", "10.0.0.255", "10.0.1.0", "2001:db8::1", "fe80::1"];

        var keys = inOrder.Select(a => IpAddressKey.TryParse(a, out var key) ? key.ToHex() : "").ToList();

        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
    }
}
