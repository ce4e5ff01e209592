using System.Buffers;
using System.Globalization;
using System.IO.Hashing;

namespace FlowLogAnalyzer.Ingest;

/// <summary>
/// Flow-log blobs only grow. One that is shorter than what was read of it is an older state of it, such as a backup, if it
/// begins as the longer one does: it holds nothing that the lake has not, and must not take rows away. Its time says nothing,
/// since a copy may be as young as the copying.
/// </summary>
internal static class ShorterCopy
{
    /// <summary>Bytes whose hash tells whether two blobs begin alike: beyond the times in the head of the first record.</summary>
    public const int HeadBytes = 1024;

    public static async ValueTask<bool> IsOneAsync(BlobPlan plan, RunState state, CancellationToken ct)
    {
        if (plan is not { Replaces: true, Position: { Head: { } head } known } || plan.Blob.Length >= known.Length || Length(head) is not { } length || plan.Blob.Length < length)
            return false;

        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await using var stream = await plan.Source.OpenAsync(plan.Blob, 0, ct);
            var got = await stream.ReadAtLeastAsync(bytes.AsMemory(0, length), length, throwOnEndOfStream: false, ct);
            state.TookBytes(got);
            state.Accounted(got);
            return Head(bytes.AsSpan(0, got)) == head;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>How a position remembers the beginning of a blob.</summary>
    public static string Head(ReadOnlySpan<byte> bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:{Convert.ToHexStringLower(XxHash64.Hash(bytes))}");

    public static string Message(BlobPlan plan)
    {
        var known = plan.Position!;
        return string.Create(CultureInfo.InvariantCulture, $"'{plan.Blob.Path}' is an older copy of a blob that the lake has read: {plan.Blob.Length} bytes, last written {Text(plan.Blob.LastModified)}; "
            + $"the lake has {known.Length} bytes, last written {Text(known.LastModified)}. Nothing was taken from it, and no row was removed.");
    }

    private static int? Length(string head) =>
        int.TryParse(head.AsSpan(0, Math.Max(0, head.IndexOf(':', StringComparison.Ordinal))), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= HeadBytes ? length : null;

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
