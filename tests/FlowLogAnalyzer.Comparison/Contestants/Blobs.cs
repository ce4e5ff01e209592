namespace FlowLogAnalyzer.Comparison;

/// <summary>Blobs handed out to threads, one after the other.</summary>
internal static class Blobs
{
    /// <summary>Every thread takes the next blob until there are none; <paramref name="worker"/> makes what a thread keeps.</summary>
    public static async Task<long> SumAsync(IReadOnlyList<string> files, int threads, Func<Func<string, long>> worker)
    {
        var next = -1;
        long sum = 0;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            var read = worker();
            while (Interlocked.Increment(ref next) is var i && i < files.Count)
                Interlocked.Add(ref sum, read(files[i]));
        })));
        return sum;
    }

    /// <summary>Reads a file into a buffer that is kept.</summary>
    public static ReadOnlySpan<byte> Load(string file, ref byte[] buffer)
    {
        using var handle = File.OpenHandle(file, options: FileOptions.SequentialScan);
        var length = (int)RandomAccess.GetLength(handle);
        if (buffer.Length < length)
            buffer = new byte[length * 2];
        var read = 0;
        while (read < length && RandomAccess.Read(handle, buffer.AsSpan(read, length - read), read) is > 0 and var count)
            read += count;
        return buffer.AsSpan(0, read);
    }
}

/// <summary>How fast the processor sees the bytes at all: a search for one that is not there.</summary>
internal sealed class ByteSearch(string name, int threads) : IContestant
{
    public string Name => name;

    public string Does => "vector search for an absent byte, files";

    public int Threads => threads;

    public async ValueTask<long> RunAsync(IReadOnlyList<string> files, string output)
    {
        await Blobs.SumAsync(files, threads, () =>
        {
            byte[] buffer = [];
            return file => Blobs.Load(file, ref buffer).IndexOf((byte)1) >= 0 ? 1 : 0;
        });
        return 0;
    }
}
