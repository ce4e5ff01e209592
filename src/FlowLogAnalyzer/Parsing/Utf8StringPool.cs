using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// One string per distinct UTF-8 text: rules, resource ids and MACs repeat in every record, and in every blob of a NIC. Not for
/// several threads at once.
/// </summary>
internal sealed class Utf8StringPool
{
    /// <summary>Bytes of text beyond which the pool starts over, so that hostile input cannot fill the memory.</summary>
    private const int MaxBytes = 1 << 20;

    private const int LongestPooled = 2048;

    private readonly Dictionary<byte[], string> _texts;
    private readonly Dictionary<byte[], string>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;

    private int _bytes;

    public Utf8StringPool()
    {
        _texts = new Dictionary<byte[], string>(new ByteComparer());
        _bySpan = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The text, or null when the bytes are not valid UTF-8.</summary>
    public string? Get(ReadOnlySpan<byte> utf8)
    {
        if (_bySpan.TryGetValue(utf8, out var text))
            return text;
        if (!Utf8.IsValid(utf8))
            return null;

        text = Encoding.UTF8.GetString(utf8);
        if (utf8.Length > LongestPooled)
            return text;
        if (_bytes + utf8.Length > MaxBytes)
        {
            _texts.Clear();
            _bytes = 0;
        }

        _bytes += utf8.Length;
        _texts.Add(utf8.ToArray(), text);
        return text;
    }

    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode((ReadOnlySpan<byte>)obj);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
