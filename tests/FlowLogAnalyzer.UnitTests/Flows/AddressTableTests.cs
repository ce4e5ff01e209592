using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Tests.Flows;

public sealed class AddressTableTests
{
    [Theory]
    [InlineData("0.0.0.0", 0)]
    [InlineData("10.10.3.4", 0)]
    [InlineData("239.255.255.255", 0)]
    [InlineData("240.0.0.0", 1)]
    [InlineData("255.255.255.255", 1)]
    [InlineData("::1", 1)]
    [InlineData("::ffff:10.10.3.4", 1)]
    [InlineData("2001:db8::5", 1)]
    public void An_address_comes_back_and_only_odd_ones_are_numbered(string text, int numbered)
    {
        Assert.True(IpAddressKey.TryParse(text, out var key));
        var table = new AddressTable();
        var code = table.Code(key);

        Assert.Equal((code, numbered), (table.Code(key), table.Numbered));
        Assert.Equal((key, key.ToString(), key.ToHex()), (table.Key(code), table.Text(code), table.Hex(code)));
        // Once more, from what was kept of the first time.
        Assert.Equal((key.ToString(), key.ToHex()), (table.Text(code), table.Hex(code)));
    }

    [Fact]
    public void Addresses_that_are_spelt_differently_have_codes_of_their_own()
    {
        var table = new AddressTable();
        string[] texts = ["10.10.3.4", "::ffff:10.10.3.4", "240.0.0.1", "240.0.0.2", "::240.0.0.1", "2001:db8::5"];
        var codes = texts.Select(t => IpAddressKey.TryParse(t, out var key) ? table.Code(key) : throw new FormatException(t)).ToArray();

        Assert.Equal(texts.Length, codes.Distinct().Count());
        table.Clear();
        Assert.Equal(0, table.Numbered);
    }
}
