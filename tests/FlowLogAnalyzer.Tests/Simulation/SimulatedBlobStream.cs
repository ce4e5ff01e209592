using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>A blob's bytes in pieces of any length; reading takes time, may fail, and at its end the blob must be what it was.</summary>
internal sealed class SimulatedBlobStream(SimulatedProcess process, byte[] bytes, Action check) : ForwardStream
{
    private int _position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var most = Math.Min(buffer.Length, bytes.Length - _position);
        var count = most == 0 || process.Chance(0.8) ? most : 1 + process.Random.Next(most);
        if (count == 0 && buffer.Length > 0)
            await process.RequestAsync(() => { check(); return true; }, cancellationToken);
        else if (process.Chance(0.2))
            await process.RequestAsync(() => true, cancellationToken);
        bytes.AsMemory(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
