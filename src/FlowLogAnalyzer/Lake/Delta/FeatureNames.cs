namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Names of table features (protocol, "Valid Feature Names in Table Features"), as far as flowlog has something to say about them.</summary>
internal static class FeatureNames
{
    public const string AppendOnly = "appendOnly";
    public const string Invariants = "invariants";
    public const string CheckConstraints = "checkConstraints";
    public const string GeneratedColumns = "generatedColumns";
    public const string ColumnDefaults = "allowColumnDefaults";
    public const string ChangeDataFeed = "changeDataFeed";
    public const string IdentityColumns = "identityColumns";
    public const string RowTracking = "rowTracking";
    public const string DomainMetadata = "domainMetadata";
    public const string InCommitTimestamp = "inCommitTimestamp";
    public const string Clustering = "clustering";
    public const string IcebergCompatV1 = "icebergCompatV1";
    public const string IcebergCompatV2 = "icebergCompatV2";
    public const string ColumnMapping = "columnMapping";
    public const string DeletionVectors = "deletionVectors";
    public const string TimestampNtz = "timestampNtz";
    public const string V2Checkpoint = "v2Checkpoint";
    public const string TypeWidening = "typeWidening";
    public const string VariantType = "variantType";
    public const string VariantShredding = "variantShredding";
    public const string VacuumProtocolCheck = "vacuumProtocolCheck";
}
