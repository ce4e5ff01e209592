using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>Completes a record at its end: MAC, ids and flags that need the whole record to be known.</summary>
internal static class RecordCloser
{
    private const long HourMs = 3_600_000;

    public static void Complete(RecordFacts facts, LogFormat format, BlobIdentity blob, RecordRows rows)
    {
        var record = rows.Record;
        var isVnet = format == LogFormat.VnetV4;
        record.Format = format;
        record.TimeMs = facts.TimeMs;
        record.SystemId = isVnet ? facts.FlowLogGuid : facts.SystemId;
        record.ResourceId = isVnet ? facts.FlowLogResourceId : facts.ResourceId;
        record.TargetId = isVnet ? facts.TargetResourceId : null;
        record.Mac = facts.Mac;
        record.Flags = facts.Flags | PathFlag(facts, blob);
        if (facts.Category is null || facts.TimeMs is null)
            record.Flags |= QualityFlags.Record;

        for (var i = 0; i < rows.Groups.Count; i++)
        {
            var group = rows.Groups[i];
            group.AclId = isVnet ? group.AclId : facts.ResourceId;
            group.Flags |= RuleFlag(group.Rule) | MacFlag(group.Mac, facts.Mac, blob.Mac);
        }

        record.Mac ??= blob.Mac;
    }

    private static QualityFlags PathFlag(RecordFacts facts, BlobIdentity blob)
    {
        if (blob.Hour is not { } hour)
            return QualityFlags.Path;
        if (facts.TimeMs is not { } time)
            return QualityFlags.None;
        var recordHour = time - (((time % HourMs) + HourMs) % HourMs);
        return Math.Abs(recordHour - hour.UnixMs) > HourMs ? QualityFlags.Path : QualityFlags.None;
    }

    /// <summary>Platform rules and encryption denials are documented forms of their own (Azure docs, vnet-flow-logs-overview).</summary>
    private static QualityFlags RuleFlag(string? rule)
    {
        if (rule is "PlatformRule" or "unspecified")
            return QualityFlags.None;
        var hasName = rule is not null && (HasName(rule, "UserRule_") || HasName(rule, "DefaultRule_"));
        return hasName ? QualityFlags.None : QualityFlags.RuleForm;
    }

    private static bool HasName(string rule, string prefix) =>
        rule.Length > prefix.Length && rule.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static QualityFlags MacFlag(string? inner, string? ofRecord, string? ofPath)
    {
        var mac = inner ?? ofRecord;
        var isMissing = mac is null;
        var differs = (inner is not null && ofRecord is not null && inner != ofRecord) || (mac is not null && ofPath is not null && mac != ofPath);
        return isMissing || differs ? QualityFlags.Mac : QualityFlags.None;
    }
}
