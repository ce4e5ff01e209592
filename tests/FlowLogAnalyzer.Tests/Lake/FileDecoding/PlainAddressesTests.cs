using System.Text;
using FlowLogAnalyzer.Lake.Parquet.Reading;

namespace FlowLogAnalyzer.Tests.Lake.FileDecoding;

public class PlainAddressesTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("2001:db8::1:0:0:1")]
    public void An_address_is_taken_as_the_lake_writes_it(string text) => Assert.Equal(text, Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.1")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.1 ")]
    [InlineData("2001:DB8::1")]
    [InlineData("2001:db8:0::1:0:0:1")]
    [InlineData("::ffff:a00:1")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%5")]
    [InlineData("é::1")]
    public void Another_spelling_is_damage(string text) => Assert.Throws<DamageException>(() => Read(text));

    private static string Read(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var reader = new ByteReader([.. BitConverter.GetBytes(utf8.Length), .. utf8]);
        var addresses = new PlainAddresses();
        addresses.Add(ref reader);
        return addresses.Keys[0].ToString();
    }
}
