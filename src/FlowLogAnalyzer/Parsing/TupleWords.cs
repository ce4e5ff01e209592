using System.Runtime.CompilerServices;
using System.Text;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>The legal runs of one-letter fields, looked up as one number: <c>T,O,A,B,</c> of NSG and <c>O,B,NX,</c> of VNet tuples.</summary>
internal static class TupleWords
{
    /// <summary>What a word stands for, in one number that is taken apart by shifts.</summary>
    public const int DecisionShift = 8, StateShift = 16, ProtocolShift = 24;

    private static readonly (ulong Word, uint Codes)[] Nsg = NsgWords();
    private static readonly (ulong Word, uint Codes)[] Vnet = VnetWords();

    /// <summary>The codes of an NSG word of eight bytes, or 0 when it is not a plain one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FindNsg(ulong word)
    {
        ref readonly var known = ref Nsg[NsgIndex(word)];
        return known.Word == word ? known.Codes : 0;
    }

    /// <summary>The codes of a VNet word of seven bytes (the eighth is ignored), or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FindVnet(ulong word)
    {
        ref readonly var known = ref Vnet[VnetIndex(word)];
        return known.Word == word << 8 ? known.Codes : 0;
    }

    /// <summary>The bits in which the letters differ: T U, I O, A D, B C E.</summary>
    private static int NsgIndex(ulong word) => (int)((word & 1) | ((word >> 16) & 2) | ((word >> 32) & 4) | ((word >> 45) & 0x38));

    /// <summary>The bits in which the letters differ: I O, B C D E.</summary>
    private static int VnetIndex(ulong word) => (int)(((word >> 1) & 1) | ((word >> 15) & 0xE));

    private static (ulong, uint)[] NsgWords()
    {
        var words = new (ulong, uint)[64];
        foreach (var protocol in "TU")
            foreach (var direction in "IO")
                foreach (var decision in "AD")
                    foreach (var state in decision == 'A' ? "BCE" : "B")
                        Add(words, $"{protocol},{direction},{decision},{state},", NsgIndex, decision == 'D' ? 'D' : state, protocol == 'T' ? 6u : 17u);
        return words;
    }

    private static (ulong, uint)[] VnetWords()
    {
        var words = new (ulong, uint)[16];
        foreach (var direction in "IO")
            foreach (var state in "BCED")
                Add(words, $"{direction},{state},NX,\0", VnetIndex, state, 0);
        return [.. words.Select(w => (w.Item1 << 8, w.Item2))];
    }

    private static void Add((ulong, uint)[] words, string text, Func<ulong, int> index, char state, uint protocol)
    {
        var word = BitConverter.ToUInt64(Encoding.ASCII.GetBytes(text));
        var code = state switch { 'B' => FlowState.Begin, 'C' => FlowState.Continuing, 'E' => FlowState.End, _ => FlowState.Denied };
        var decision = code == FlowState.Denied ? Decision.Deny : Decision.Allow;
        var direction = text.StartsWith("I,", StringComparison.Ordinal) || text[2] == 'I' ? Direction.Inbound : Direction.Outbound;
        words[index(word)] = (word, (uint)direction | ((uint)decision << DecisionShift) | ((uint)code << StateShift) | (protocol << ProtocolShift));
    }
}
