using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Ingest;

/// <summary>A source that bounds its calls itself.</summary>
internal interface IPatient : IBlobSource;

/// <summary>A source whose calls may not take for ever: what is late fails alone, and a source that never answers is given up.</summary>
internal sealed class PatientSource(IBlobSource inner, Patience patience, TimeProvider time) : IPatient
{
    private int _silent;

    public string Name => inner.Name;

    public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        using var wait = new Wait(patience, time, $"The listing of '{Name}'", ct);
        await using var entries = inner.ListAsync(window, wait.Token).GetAsyncEnumerator(wait.Token);
        while (true)
        {
            SourceEntry? problem = null;
            try
            {
                if (!await wait.ForAsync(_ => entries.MoveNextAsync()))
                    yield break;
            }
            catch (StorageSilentException e)
            {
                problem = SourceEntry.Unreadable(Name, $"{e.Message} What it would have listed was not looked at.");
            }

            yield return problem ?? entries.Current;
            if (problem is not null)
                yield break;
        }
    }

    public async ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct)
    {
        using var wait = new Wait(patience, time, $"A look at '{blob.Path}'", ct);
        return await AnsweredAsync(blob, () => wait.ForAsync(token => inner.RefreshAsync(blob, token)));
    }

    public async ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct)
    {
        var wait = new Wait(patience, time, $"Reading '{blob.Path}'", ct);
        try
        {
            return new PatientStream(this, await AnsweredAsync(blob, () => wait.ForAsync(token => inner.OpenAsync(blob, offset, token), patience.Blob)), wait, blob);
        }
        catch
        {
            wait.Dispose();
            throw;
        }
    }

    /// <summary>Counts what was not answered: after too much of it nothing more is asked.</summary>
    private ValueTask<T> AnsweredAsync<T>(SourceBlob blob, Func<ValueTask<T>> call)
    {
        CheckAnswers(blob);
        return CountedAsync(call);
    }

    private void CheckAnswers(SourceBlob blob)
    {
        if (Volatile.Read(ref _silent) >= patience.MostSilent)
            throw new StorageSilentException($"'{blob.Path}' was not asked for: the last {patience.MostSilent} calls to '{Name}' were not answered in time.");
    }

    private void Answered() => Volatile.Write(ref _silent, 0);

    private async ValueTask<T> CountedAsync<T>(Func<ValueTask<T>> call)
    {
        try
        {
            var result = await call();
            Answered();
            return result;
        }
        catch (StorageSilentException)
        {
            Interlocked.Increment(ref _silent);
            throw;
        }
    }

    private sealed class PatientStream(PatientSource source, Stream inner, Wait wait, SourceBlob blob) : ForwardStream
    {
        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        /// <summary>Bytes that are there already are taken without a timer: most reads are of a buffer that one answer has filled.</summary>
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            source.CheckAnswers(blob);
            var read = inner.ReadAsync(buffer, wait.Token);
            if (!read.IsCompletedSuccessfully)
                return LateAsync(read);

            source.Answered();
            return read;
        }

        private ValueTask<int> LateAsync(ValueTask<int> read) => source.CountedAsync(() => wait.ForAsync(_ => read, source.Limit));

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            wait.Dispose();
            await base.DisposeAsync();
        }
    }

    private TimeSpan Limit => patience.Blob;
}
