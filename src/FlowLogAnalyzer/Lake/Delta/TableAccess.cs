namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// Whether flowlog may read and write a table, by the features of its protocol: reading needs those of readers only, and a
/// feature that nothing in the table uses asks for nothing (protocol, "Table Features").
/// </summary>
internal static class TableAccess
{
    private const int LastReader = 3;
    private const int LastWriter = 7;

    /// <summary>Nothing for a reader to do, as long as none of flowlog's own columns is of the type, which their check says.</summary>
    private static readonly HashSet<string> Readable = [FeatureNames.TimestampNtz, FeatureNames.VacuumProtocolCheck];

    /// <summary>Asks nothing of a writer unless the table's metadata makes it active.</summary>
    private static readonly HashSet<string> WritableUnused =
    [
        FeatureNames.AppendOnly, FeatureNames.CheckConstraints, FeatureNames.GeneratedColumns, FeatureNames.ColumnDefaults, FeatureNames.IdentityColumns,
        FeatureNames.InCommitTimestamp, FeatureNames.ColumnMapping,
    ];

    /// <summary>Flowlog does what it asks: positions are domains, required columns are always filled, and changes are whole files put in and taken out.</summary>
    private static readonly HashSet<string> Writable =
        [FeatureNames.DomainMetadata, FeatureNames.Invariants, FeatureNames.ChangeDataFeed, FeatureNames.TimestampNtz, FeatureNames.VacuumProtocolCheck];

    /// <exception cref="DeltaFeatureException">Rows would be read wrong.</exception>
    public static void CheckReadable(string table, DeltaSnapshot snapshot)
    {
        if (snapshot.Protocol is { } protocol && Unreadable(protocol, snapshot.Metadata) is { } feature)
            throw Refused("read", $"The table '{table}' cannot be read", table, feature, snapshot.Metadata);
    }

    /// <param name="table">Its folder or address.</param>
    /// <param name="snapshot">What is to be written to.</param>
    /// <param name="removes">Whether files are taken out as well: the table may only take new rows.</param>
    /// <exception cref="DeltaFeatureException">Another engine's rules would be broken.</exception>
    public static void CheckWritable(string table, DeltaSnapshot snapshot, bool removes)
    {
        CheckReadable(table, snapshot);
        if (snapshot is not { Protocol: { } protocol, Metadata: { } metadata } || Unwritable(protocol, metadata, removes) is not { } feature)
            return;
        var works = feature == FeatureNames.AppendOnly
            ? "Reading and the ingest of new rows go on; compaction, retention, erasure and the reading of rewritten blobs do not"
            : "Reading goes on (query, check, report, status); nothing was changed";
        throw Refused("write to", $"The table '{table}' cannot be written to. {works}", table, feature, metadata);
    }

    /// <summary>True for an appendOnly table: what replaces rows is refused, what adds some is not.</summary>
    public static bool TakesNewRowsOnly(DeltaSnapshot snapshot) =>
        snapshot.Metadata is { } metadata && TableFeatures.Active(metadata).Any(a => a.Name == FeatureNames.AppendOnly);

    /// <exception cref="InvalidOperationException">Engines would refuse to open what is about to be written: a fault of this program.</exception>
    public static void CheckTrue(DeltaProtocol protocol, DeltaMetadata metadata)
    {
        if (TableFeatures.Missing(protocol, metadata) is [var missing, ..])
            throw new InvalidOperationException($"The protocol of the table '{metadata.Name}' does not list the feature '{missing.Name}', although {missing.Because}. Nothing was written.");
    }

    private static string? Unreadable(DeltaProtocol protocol, DeltaMetadata? metadata)
    {
        if (protocol.MinReaderVersion > LastReader)
            return $"reader version {protocol.MinReaderVersion}";
        var maps = metadata is not null && TableFeatures.Active(metadata).Any(a => a.Name == FeatureNames.ColumnMapping);
        if (maps && TableFeatures.Listed(protocol).Contains(FeatureNames.ColumnMapping))
            return FeatureNames.ColumnMapping;
        return protocol.MinReaderVersion < LastReader ? null : protocol.ReaderFeatures.FirstOrDefault(f => !Readable.Contains(f) && f != FeatureNames.ColumnMapping);
    }

    private static string? Unwritable(DeltaProtocol protocol, DeltaMetadata metadata, bool removes)
    {
        if (protocol.MinWriterVersion > LastWriter)
            return $"writer version {protocol.MinWriterVersion}";
        var active = TableFeatures.Active(metadata);
        foreach (var feature in TableFeatures.Listed(protocol).Concat(active.Select(a => a.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var asks = active.Any(a => a.Name == feature);
            var isFine = feature switch
            {
                FeatureNames.AppendOnly => !asks || !removes,
                FeatureNames.Invariants => !metadata.SchemaJson.Contains("delta.invariants", StringComparison.Ordinal),
                _ => Writable.Contains(feature) || (WritableUnused.Contains(feature) && !asks),
            };
            if (!isFine)
                return feature;
        }

        return null;
    }

    private static DeltaFeatureException Refused(string verb, string what, string table, string feature, DeltaMetadata? metadata)
    {
        if (feature.Contains(' ', StringComparison.Ordinal))
            return new(feature, $"{what}: it asks for {feature} of the Delta protocol, which this version of flowlog does not know. Use a newer version.");
        return new(feature, $"{what}: it has the Delta feature '{feature}', with which {FeatureAdvice.Why(feature)}; this version of flowlog does not {verb} such a table. "
            + $"To take it off, in the engine that turned it on: {FeatureAdvice.TakeOff(feature, table, metadata)}");
    }
}
