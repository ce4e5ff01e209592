using System.IO.Hashing;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>
/// What binds a data file to its entry in the log: a hash of all its bytes (XXH3, 128 bits), among the tags of the <c>add</c>. It finds what disks,
/// copies and people do by accident; it is no signature, since whoever can write the log can write the digest too.
/// </summary>
internal static class FileDigest
{
    /// <summary>The tag's name.</summary>
    public const string Tag = "flowlog.xxh128";

    private const int PieceBytes = 1 << 20;

    public static IReadOnlyDictionary<string, string?> Tags(string digest) => new Dictionary<string, string?> { [Tag] = digest };

    /// <summary>Null for a file of another writer, or of a flowlog that did not write digests yet.</summary>
    public static string? Of(AddFile file) => file.Tags?.GetValueOrDefault(Tag);

    /// <summary>Of a stream, from where it stands to its end.</summary>
    public static async ValueTask<string> OfAsync(Stream stream, CancellationToken ct)
    {
        var hash = new XxHash128();
        var piece = System.Buffers.ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (await stream.ReadAsync(piece, ct) is > 0 and var read)
                hash.Append(piece.AsSpan(0, read));
            return Text(hash);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(piece);
        }
    }

    public static string Text(XxHash128 hash) => Convert.ToHexStringLower(hash.GetCurrentHash());
}
