using System.Globalization;
using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Blobs;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>A place with blobs: the one that Azure writes to, or a copy of it that lags behind.</summary>
internal sealed class SimulatedContainer(SimulatedWorld world, SimulatedLogs logs, string root)
{
    private readonly SortedDictionary<int, BlobState> _now = [];
    private readonly Dictionary<int, BlobState> _before = [];
    private int _writes;

    public IReadOnlyDictionary<int, BlobState> Now => _now;

    public BlobState? Find(int blob) => _now.GetValueOrDefault(blob);

    /// <summary>Writes a state of a blob.</summary>
    public void Write(int blob, int generation, int records, int cut = 0)
    {
        if (_now.TryGetValue(blob, out var old))
            _before[blob] = old;
        _now[blob] = new BlobState(generation, records, cut, ++_writes, world.Now);
    }

    public void Delete(int blob) => _now.Remove(blob);

    public SourceBlob Describe(int blob, BlobState state)
    {
        var path = root + "/" + logs.Path(blob);
        var etag = string.Create(CultureInfo.InvariantCulture, $"{root}-{blob}-{state.Write}");
        return new SourceBlob(FlowLogPath.Parse(path), path, logs.Content(blob, state).Length, etag, state.At);
    }

    public IBlobSource As(SimulatedProcess process) => new Source(this, process);

    private sealed class Source(SimulatedContainer container, SimulatedProcess process) : IBlobSource
    {
        public string Name => "memory";

        /// <summary>What a listing says may be old when it is used, and may be of before the last write.</summary>
        public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
        {
            var listed = await process.RequestAsync(() => container._now.Select(b => (b.Key, State: process.IsStale ? container._before.GetValueOrDefault(b.Key, b.Value) : b.Value)).ToList(), ct);
            foreach (var (blob, state) in listed)
                yield return SourceEntry.Of(container.Describe(blob, state));
        }

        public async ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct) => await process.RequestAsync(() => Current(blob)?.Blob, ct);

        public async ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct)
        {
            var bytes = await process.RequestAsync(() => Bytes(blob), ct);
            return new SimulatedBlobStream(process, bytes[(int)offset..], () => Bytes(blob));
        }

        private byte[] Bytes(SourceBlob blob)
        {
            var now = Current(blob) ?? throw new BlobGoneException(blob.Path);
            return now.Blob.ETag == blob.ETag ? now.Bytes : throw new BlobChangedException(blob.Path);
        }

        private (SourceBlob Blob, byte[] Bytes)? Current(SourceBlob blob) => container._now
            .Select(b => ((SourceBlob Blob, byte[] Bytes)?)(container.Describe(b.Key, b.Value), container.ContentOf(b.Key)))
            .FirstOrDefault(b => b!.Value.Blob.Path == blob.Path);
    }

    private byte[] ContentOf(int blob) => logs.Content(blob, _now[blob]);
}
