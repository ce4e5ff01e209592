using System.Buffers.Text;

namespace FlowLogAnalyzer.Bench;

/// <summary>Tuples of one NIC as text.</summary>
internal sealed class TupleText(Random random, int nic, bool isVnet)
{
    private readonly byte[] _line = new byte[256];
    private int _length;

    public void Append(Stream to, long second, bool follows, RuleWay? way)
    {
        _length = 0;
        Byte(follows ? ',' : ' ');
        if (!follows)
            _length = 0;
        Byte('"');
        Number(isVnet ? (second * 1000) + random.Next(1000) : second);
        var inbound = way?.IsInbound ?? random.Next(2) == 0;
        var own = 0x0A0A0304u + (uint)nic;
        var peer = Peer();
        Address(inbound ? peer : own);
        Address(inbound ? own : peer);
        Byte(',');
        Number(random.Next(1024, 65536));
        Byte(',');
        Number(random.Next(3) switch { 0 => 31880, 1 => 443, _ => random.Next(20) * 1000 });
        var denied = way?.IsDenied ?? random.Next(1000) < 99;
        var state = denied ? 'B' : random.Next(1000) switch { < 357 => 'B', < 600 => 'C', _ => 'E' };
        var udp = random.Next(20) == 0;
        if (isVnet)
            VnetCodes(udp, inbound ? 'I' : 'O', denied ? 'D' : state);
        else
            Codes(udp ? 'U' : 'T', inbound ? 'I' : 'O', denied ? 'D' : 'A', state);
        Counters(state != 'B');
        Byte('"');
        to.Write(_line, 0, _length);
    }

    private void Codes(params ReadOnlySpan<char> codes)
    {
        foreach (var code in codes)
        {
            Byte(',');
            Byte(code);
        }
    }

    private void VnetCodes(bool udp, char direction, char state)
    {
        Byte(',');
        Number(udp ? 17 : 6);
        Codes(direction, state, 'N');
        Byte('X');
    }

    private void Counters(bool counted)
    {
        for (var side = 0; side < 2; side++)
        {
            var packets = 1 + (long)Math.Exp(random.NextDouble() * 7);
            Byte(',');
            if (counted || isVnet)
                Number(counted ? packets : 0);
            Byte(',');
            if (counted || isVnet)
                Number(counted ? packets * random.Next(60, 1400) : 0);
        }
    }

    /// <summary>Zipf's law with exponent 1 over 4000 peers is about the exponential of an even number.</summary>
    private uint Peer() => random.Next(10) == 0
        ? (uint)random.NextInt64(0x01000000, 0xE0000000)
        : 0x0A0A0400u + (uint)(Math.Pow(4000, random.NextDouble()) - 1);

    private void Address(uint address)
    {
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            Byte(shift == 24 ? ',' : '.');
            Number((byte)(address >> shift));
        }
    }

    private void Byte(char c) => _line[_length++] = (byte)c;

    private void Number(long value)
    {
        Utf8Formatter.TryFormat(value, _line.AsSpan(_length), out var written);
        _length += written;
    }
}
