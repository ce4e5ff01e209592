namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>What a feature does to a table, and the statements with which the engine that turned it on takes it off again.</summary>
internal static class FeatureAdvice
{
    /// <summary>What would go wrong, as the middle of a sentence.</summary>
    public static string Why(string feature) => feature switch
    {
        FeatureNames.DeletionVectors => "rows are deleted without their files being rewritten, and would come back",
        FeatureNames.ColumnMapping => "columns have other names in the files than in the table, and would be missing",
        FeatureNames.V2Checkpoint => "checkpoints have a form that flowlog does not read",
        FeatureNames.TypeWidening => "columns have other types in older files",
        FeatureNames.AppendOnly => "the table takes new rows only (delta.appendOnly is 'true')",
        FeatureNames.Invariants => "a column has a condition that every new row has to be checked against",
        FeatureNames.CheckConstraints => "every new row has to be checked against a constraint",
        FeatureNames.GeneratedColumns => "a column has to be computed by whoever writes",
        FeatureNames.ColumnDefaults => "a column has a default that whoever writes has to fill in",
        FeatureNames.IdentityColumns => "a column has to be numbered by whoever writes",
        FeatureNames.RowTracking => "every row has to get a number that stays",
        FeatureNames.InCommitTimestamp => "every commit has to carry a time of its own",
        FeatureNames.Clustering => "files have to be arranged by columns of the table",
        _ => "flowlog does not know what it asks for",
    };

    /// <param name="feature">Its name.</param>
    /// <param name="table">The table's folder or address.</param>
    /// <param name="metadata">Names the constraints.</param>
    public static string TakeOff(string feature, string table, DeltaMetadata? metadata)
    {
        var alter = $"ALTER TABLE delta.`{table.TrimEnd('/')}`";
        var drop = $"{alter} DROP FEATURE {feature}";
        return feature switch
        {
            FeatureNames.AppendOnly => Unset("delta.appendOnly"),
            FeatureNames.CheckConstraints => $"{string.Join("; ", Constraints(metadata).Select(c => $"{alter} DROP CONSTRAINT {c}"))}; {drop}",
            FeatureNames.InCommitTimestamp => $"{Off("delta.enableInCommitTimestamps")}; {drop}",
            FeatureNames.RowTracking => $"{Off("delta.enableRowTracking")}; {drop}",
            FeatureNames.DeletionVectors => $"{Off("delta.enableDeletionVectors")}; REORG TABLE delta.`{table.TrimEnd('/')}` APPLY (PURGE); {drop}",
            FeatureNames.ColumnMapping => $"{alter} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'none'); {drop}",
            FeatureNames.V2Checkpoint => $"{alter} SET TBLPROPERTIES ('delta.checkpointPolicy' = 'classic'); {drop}",
            FeatureNames.TypeWidening => $"{Off("delta.enableTypeWidening")}; {drop}",
            _ => drop,
        };

        string Off(string property) => $"{alter} SET TBLPROPERTIES ('{property}' = 'false')";
        string Unset(string property) => $"{alter} UNSET TBLPROPERTIES ('{property}')";
    }

    private static IEnumerable<string> Constraints(DeltaMetadata? metadata)
    {
        const string Prefix = "delta.constraints.";
        return metadata?.Configuration.Keys.Where(k => k.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).Select(k => k[Prefix.Length..]) ?? [];
    }
}
