using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings.Exports;

/// <summary>
/// Findings as events of the OCSF class Detection Finding (2004), schema 1.2.0 (https://schema.ocsf.io/1.2.0/classes/detection_finding).
/// The same finding of the same rows has the same uid in every run.
/// </summary>
public static class OcsfFindings
{
    public const string SchemaVersion = "1.2.0";

    public static void Write(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartObject();
        WriteClass(writer, finding);
        WriteMetadata(writer);
        WriteInfo(writer, finding);
        WriteEvidence(writer, finding);
        WriteResources(writer, finding);
        if (finding.Fix is { } fix)
        {
            writer.WriteStartObject("remediation");
            writer.WriteString("desc", fix.Summary);
            writer.WriteEndObject();
        }

        WriteRest(writer, finding);
        writer.WriteEndObject();
    }

    /// <summary>What tells a finding apart: its id, subject, NSG and rule.</summary>
    public static string Uid(Finding finding) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{finding.Id}\n{finding.Subject}\n{finding["nsg"]}\n{finding["rule"]}")))[..32];

    private static void WriteClass(Utf8JsonWriter writer, Finding finding)
    {
        var isSuppressed = finding.Suppressed is not null;
        writer.WriteNumber("activity_id", 1);
        writer.WriteString("activity_name", "Create");
        writer.WriteNumber("category_uid", 2);
        writer.WriteString("category_name", "Findings");
        writer.WriteNumber("class_uid", 2004);
        writer.WriteString("class_name", "Detection Finding");
        writer.WriteNumber("type_uid", 200401);
        writer.WriteString("type_name", "Detection Finding: Create");
        writer.WriteNumber("severity_id", (int)finding.Severity + 1);
        writer.WriteString("severity", finding.Severity == Severity.Info ? "Informational" : finding.Severity.ToString());
        writer.WriteNumber("confidence_id", (int)finding.Confidence + 1);
        writer.WriteString("confidence", finding.Confidence.ToString());
        writer.WriteNumber("status_id", isSuppressed ? 3 : 1);
        writer.WriteString("status", isSuppressed ? "Suppressed" : "New");
        if (finding.Suppressed is { } suppression)
            writer.WriteString("comment", suppression.Reason);
        writer.WriteNumber("time", Milliseconds(finding.LastSeen));
        writer.WriteNumber("start_time", Milliseconds(finding.FirstSeen));
        writer.WriteNumber("end_time", Milliseconds(finding.LastSeen));
        writer.WriteNumber("count", (int)Math.Min(finding.Count, int.MaxValue));
        writer.WriteString("message", finding.Explanation);
    }

    private static void WriteMetadata(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("metadata");
        writer.WriteString("version", SchemaVersion);
        writer.WriteStartObject("product");
        writer.WriteString("name", "FlowLogAnalyzer");
        writer.WriteString("vendor_name", "FlowLogAnalyzer");
        writer.WriteString("version", typeof(OcsfFindings).Assembly.GetName().Version?.ToString(3));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteInfo(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartObject("finding_info");
        writer.WriteString("uid", Uid(finding));
        writer.WriteString("title", $"{finding.Title}: {finding.Subject}");
        writer.WriteString("desc", finding.Explanation);
        writer.WriteNumber("first_seen_time", Milliseconds(finding.FirstSeen));
        writer.WriteNumber("last_seen_time", Milliseconds(finding.LastSeen));
        writer.WriteStartArray("types");
        writer.WriteStringValue(finding.Id);
        writer.WriteEndArray();
        writer.WriteStartObject("analytic");
        writer.WriteString("uid", finding.Id);
        writer.WriteString("name", finding.Title);
        writer.WriteNumber("type_id", 1);
        writer.WriteString("type", "Rule");
        writer.WriteEndObject();
        writer.WriteStartArray("attacks");
        foreach (var technique in finding.Attack)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("technique");
            writer.WriteString("uid", technique.Id);
            writer.WriteString("name", technique.Name);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteEvidence(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartArray("evidences");
        writer.WriteStartObject();
        WriteEndpoint(writer, "src_endpoint", finding["source"] as string ?? finding["client"] as string, finding["sourceNode"] as string, null);
        WriteEndpoint(writer, "dst_endpoint", finding["destination"] as string, null, finding["port"] as long?);
        writer.WriteStartObject("data");
        foreach (var (name, value) in finding.Evidence)
            FindingJson.WriteValue(writer, name, value);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    /// <summary>A client may be the word Internet, which is no address.</summary>
    private static void WriteEndpoint(Utf8JsonWriter writer, string name, string? address, string? host, long? port)
    {
        var isAddress = System.Net.IPAddress.TryParse(address, out _);
        if (address is null && host is null && port is null)
            return;

        writer.WriteStartObject(name);
        if (address is not null)
            writer.WriteString(isAddress ? "ip" : "name", address);
        if (host is not null)
            writer.WriteString("hostname", host);
        if (port is { } number)
            writer.WriteNumber("port", number);
        writer.WriteEndObject();
    }

    private static void WriteResources(Utf8JsonWriter writer, Finding finding)
    {
        var nodes = (finding["nodes"] as IEnumerable<object?> ?? []).OfType<string>().Select(n => (Name: n, Type: "Kubernetes node"));
        var others = new[] { (Name: finding["nsg"] as string, Type: "Network security group"), (Name: finding["service"] as string, Type: "Kubernetes Service") };
        writer.WriteStartArray("resources");
        foreach (var (name, type) in nodes.Concat(others.Where(o => o.Name is not null).Select(o => (o.Name!, o.Type))))
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("type", type);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteRest(Utf8JsonWriter writer, Finding finding)
    {
        if (finding.Limits.Count == 0)
            return;

        writer.WriteStartObject("unmapped");
        writer.WriteStartArray("limits");
        foreach (var limit in finding.Limits)
            writer.WriteStringValue(limit);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static long Milliseconds(DateTime utc) => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).ToUnixTimeMilliseconds();
}
