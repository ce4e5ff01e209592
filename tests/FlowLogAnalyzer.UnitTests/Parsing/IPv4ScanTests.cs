using System.Net;
using System.Text;
using CsCheck;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Tests.Parsing;

public sealed class IPv4ScanTests
{
    private static readonly Gen<string> Octet = Gen.OneOf(Gen.Int[0, 299].Select(n => $"{n}"), Gen.Int[0, 9].Select(n => $"0{n}"), Gen.Int[0, 99].Select(n => $"{n:000}"), Gen.Const(""));
    private static readonly Gen<string> Damaged = Gen.Select(Octet.Array[3, 5], Gen.OneOf(Gen.Const('.'), Gen.Const(','), Gen.Const('x'), Gen.Const(':')), Gen.Int[0, 9])
        .Select((octets, separator, odd) => odd == 0 ? string.Join(separator, octets) : string.Join('.', octets));

    [Fact]
    public void Reads_every_length_of_every_octet()
        => Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte, Gen.Byte).Sample((a, b, c, d) => Same(new IPAddress([a, b, c, d]).ToString()), iter: 20_000);

    [Fact]
    public void Accepts_and_refuses_what_the_plain_parser_does() => Damaged.Sample(Same, iter: 50_000);

    /// <summary>Whatever stands behind the text: 16 bytes are looked at.</summary>
    private static void Same(string text)
    {
        foreach (var behind in new[] { ",10.0.0.1,443,..", "0000000000000000", "................" })
        {
            var bytes = Encoding.ASCII.GetBytes(text + behind);
            var expected = AddressText.TryParseIPv4(bytes.AsSpan(0, text.Length), out var address) ? address : -1L;
            Assert.Equal(expected, IPv4Scan.Parse(ref bytes[0], text.Length));
        }
    }
}
