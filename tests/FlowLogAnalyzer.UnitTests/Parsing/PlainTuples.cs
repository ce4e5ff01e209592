using CsCheck;

namespace FlowLogAnalyzer.Tests.Parsing;

/// <summary>Records of many plain tuples, with numbers of every length: what the scanner takes at one go.</summary>
internal static class PlainTuples
{
    private static readonly Gen<string> Address = Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte, Gen.Int[0, 3]).Select((a, b, c, few) => few == 0 ? "10.0.0.4" : $"{a}.{b}.{c}.{(byte)(a * b)}");
    private static readonly Gen<string> Number = Gen.Int[0, 17].SelectMany(digits => Gen.Char['0', '9'].Array[digits]).Select(d => d.Length == 0 ? "7" : new string(d));
    private static readonly Gen<string> Ports = Gen.Select(Gen.Int[0, 66000], Gen.UShort).Select((a, b) => $"{a},{b}");
    private static readonly Gen<string> Counters = Gen.OneOf(Gen.Const(",,,"), Gen.Const("0,0,0,0"), Number.Array[4].Select(n => string.Join(',', n)));

    private static readonly Gen<string> Nsg = Gen.Select(Gen.Int[0, 119], Address, Address, Ports, Word("T,I,A,B", "T,O,A,C", "U,I,A,E", "T,I,D,B", "U,O,D,B", "T,O,D,C"), Counters)
        .Select((second, from, to, ports, codes, counters) => $"{1795169100 + second},{from},{to},{ports},{codes},{counters}");

    private static readonly Gen<string> Vnet = Gen.Select(Gen.Int[0, 119_999], Address, Address, Ports, Word("6,I,B", "17,O,C", "6,O,E", "1,I,D", "6,I,C"), Counters)
        .Select((ms, from, to, ports, codes, counters) => $"{1795169100000 + ms},{from},{to},{ports},{codes},NX,{counters}");

    public static Gen<string> Record { get; } = Gen.OneOf(
        Gen.Select(Nsg.Array[5, 40], Gen.Int[1, 2]).Select((t, version) => Logs.Nsg(version, t)),
        Vnet.Array[5, 40].Select(t => Logs.Vnet(t)));

    private static Gen<string> Word(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);
}
