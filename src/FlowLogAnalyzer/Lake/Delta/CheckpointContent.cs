using System.Collections.Immutable;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>The actions of a checkpoint, of all its parts.</summary>
internal sealed class CheckpointContent(string table)
{
    private readonly Dictionary<string, AddFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RemoveFile> _tombstones = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _domains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AppTransaction> _transactions = new(StringComparer.Ordinal);
    private DeltaProtocol? _protocol;
    private DeltaMetadata? _metadata;

    /// <summary>Takes what one row of a checkpoint holds.</summary>
    public void Take(CheckpointRows c, int row)
    {
        if (c.Added.Text(row) is { } added)
            Take(c.Add(row, DeltaPath.Of(added, table)));
        else if (c.Removed.Text(row) is { } removed)
            Take(c.Remove(row, DeltaPath.OfRemoved(removed, table)));
        else if (c.Domain.Text(row) is { } domain)
            _domains[domain] = c.DomainText.Text(row) ?? "";
        else if (c.MetadataId.Text(row) is not null)
            _metadata = c.Metadata(row);
        else if (c.MinReader.Number(row) > 0)
            _protocol = c.Protocol(row);
        else if (c.AppId.Text(row) is { } app)
            _transactions[app] = c.Transaction(row);
    }

    public DeltaSnapshot ToSnapshot(long version) => DeltaSnapshot.None with
    {
        Version = version,
        Protocol = _protocol ?? throw new InvalidDataException("it has no protocol action."),
        Metadata = _metadata ?? throw new InvalidDataException("it has no metaData action."),
        Files = _files.ToImmutableDictionary(StringComparer.Ordinal),
        Tombstones = _tombstones.ToImmutableDictionary(StringComparer.Ordinal),
        Domains = _domains.ToImmutableDictionary(StringComparer.Ordinal),
        Transactions = _transactions.ToImmutableDictionary(StringComparer.Ordinal),
    };

    private void Take(AddFile file) => _files[file.Path] = file;

    private void Take(RemoveFile file) => _tombstones[file.Path] = file;
}
