using System.Collections.Immutable;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>The table as one version has it. Immutable: the next version shares what did not change.</summary>
public sealed record DeltaSnapshot
{
    /// <summary>A table that has no log yet.</summary>
    public static DeltaSnapshot None { get; } = new();

    /// <summary>-1 when there is no table.</summary>
    public long Version { get; init; } = -1;

    /// <summary>When the newest entry was written, Unix milliseconds.</summary>
    public long TimestampMs { get; init; }

    /// <summary>When this process last saw that no newer entry was there: a timestamp of its clock, for <see cref="TimeProvider.GetElapsedTime(long)"/>.</summary>
    public long SeenAt { get; init; }

    public DeltaProtocol? Protocol { get; init; }

    public DeltaMetadata? Metadata { get; init; }

    /// <summary>The active files by path.</summary>
    public ImmutableDictionary<string, AddFile> Files { get; init; } = ImmutableDictionary.Create<string, AddFile>(StringComparer.Ordinal);

    /// <summary>Removed files by path, until a checkpoint forgets them.</summary>
    public ImmutableDictionary<string, RemoveFile> Tombstones { get; init; } = ImmutableDictionary.Create<string, RemoveFile>(StringComparer.Ordinal);

    /// <summary>Texts by domain name; removed domains are not in here.</summary>
    public ImmutableDictionary<string, string> Domains { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Transactions of other applications, by their ids: kept for them.</summary>
    public ImmutableDictionary<string, AppTransaction> Transactions { get; init; } = ImmutableDictionary.Create<string, AppTransaction>(StringComparer.Ordinal);

    public bool Exists => Version >= 0;

    /// <summary>The table after the entry that follows this version.</summary>
    public DeltaSnapshot Apply(DeltaCommit commit)
    {
        var files = Files.ToBuilder();
        var tombstones = Tombstones.ToBuilder();
        foreach (var remove in commit.Removes)
        {
            files.Remove(remove.Path);
            tombstones[remove.Path] = remove;
        }

        foreach (var add in commit.Adds)
        {
            files[add.Path] = add;
            tombstones.Remove(add.Path);
        }

        return this with
        {
            Version = Version + 1,
            TimestampMs = commit.TimestampMs,
            Protocol = commit.Protocol ?? Protocol,
            Metadata = commit.Metadata ?? Metadata,
            Files = files.ToImmutable(),
            Tombstones = tombstones.ToImmutable(),
            Domains = ApplyDomains(commit.Domains),
            Transactions = Transactions.SetItems(commit.Transactions.Select(t => KeyValuePair.Create(t.AppId, t))),
        };
    }

    private ImmutableDictionary<string, string> ApplyDomains(IReadOnlyList<DomainMetadata> changes)
    {
        var domains = Domains.ToBuilder();
        foreach (var change in changes)
        {
            if (change.Removed)
                domains.Remove(change.Domain);
            else
                domains[change.Domain] = change.Configuration;
        }

        return domains.ToImmutable();
    }
}
