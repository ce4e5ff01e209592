using System.Text.Json;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake;

/// <summary>What the log says of a file of <see cref="PositionArchive"/>: its path below the lake's root and how many positions are in it.</summary>
internal sealed record ArchiveFile(string Path, int Blobs)
{
    /// <summary>Null for a file of before sizes and digests were noted.</summary>
    public long? Size { get; init; }

    public string? Digest { get; init; }

    /// <summary>Of all positions in it.</summary>
    public long? Rows { get; init; }

    public FileSeal Seal => new(Path, Size, Digest);

    public static ArchiveFile Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        var e = document.RootElement;
        return new ArchiveFile(e.GetProperty("file").GetString()!, e.GetProperty("blobs").GetInt32())
        {
            Size = e.TryGetProperty("size", out var size) ? size.GetInt64() : null,
            Digest = e.TryGetProperty("digest", out var digest) ? digest.GetString() : null,
            Rows = e.TryGetProperty("rows", out var rows) ? rows.GetInt64() : null,
        };
    }

    public void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteString("file", Path);
        w.WriteNumber("blobs", Blobs);
        if (Size is { } size)
            w.WriteNumber("size", size);
        if (Digest is { } digest)
            w.WriteString("digest", digest);
        if (Rows is { } rows)
            w.WriteNumber("rows", rows);
        w.WriteEndObject();
    }
}
