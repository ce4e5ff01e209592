using System.Buffers.Binary;
using System.Text;

namespace FlowLogAnalyzer.Tests.Telemetry;

/// <summary>Protocol buffers by field number, as far as OTLP needs it (protobuf.dev, encoding).</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, ulong Number, byte[]? Bytes)> _fields = [];

    public ProtoMessage(byte[] content)
    {
        for (var at = 0; at < content.Length;)
        {
            var tag = Varint(content, ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0: _fields.Add((field, Varint(content, ref at), null)); break;
                case 1: _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(at)), null)); at += 8; break;
                case 5: _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(at)), null)); at += 4; break;
                default:
                    var length = (int)Varint(content, ref at);
                    _fields.Add((field, 0, content[at..(at + length)]));
                    at += length;
                    break;
            }
        }
    }

    public IEnumerable<ProtoMessage> All(params int[] path) => path.Length == 0 ? [this] : Messages(path[0]).SelectMany(m => m.All(path[1..]));

    public string Text(int field) => _fields.Where(f => f.Field == field && f.Bytes is not null).Select(f => Encoding.UTF8.GetString(f.Bytes!)).FirstOrDefault() ?? "";

    public ulong Number(int field) => _fields.FirstOrDefault(f => f.Field == field && f.Bytes is null).Number;

    private IEnumerable<ProtoMessage> Messages(int field) => _fields.Where(f => f.Field == field && f.Bytes is not null).Select(f => new ProtoMessage(f.Bytes!));

    private static ulong Varint(byte[] content, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = content[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
                return value;
        }
    }
}
