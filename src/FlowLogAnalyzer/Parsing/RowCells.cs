using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// One row of a batch, to be written without asking for every cell whether it is there: <see cref="TupleScanner"/> asks
/// once for all rows that it may come to.
/// </summary>
internal readonly ref struct RowCells(TupleBatch batch, int row)
{
    public ref long TimeMs => ref At(batch.TimeMs);

    public ref uint Source => ref At(batch.Source);

    public ref uint Destination => ref At(batch.Destination);

    public ref int SourcePort => ref At(batch.SourcePort);

    public ref int DestinationPort => ref At(batch.DestinationPort);

    public ref short Protocol => ref At(batch.Protocol);

    public ref Direction Direction => ref At(batch.Direction);

    public ref Decision Decision => ref At(batch.Decision);

    public ref FlowState State => ref At(batch.State);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetCounters(long packetsSent, long bytesSent, long packetsReceived, long bytesReceived)
    {
        At(batch.PacketsSent) = packetsSent;
        At(batch.BytesSent) = bytesSent;
        At(batch.PacketsReceived) = packetsReceived;
        At(batch.BytesReceived) = bytesReceived;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref T At<T>(T[] column) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(column), row);
}
