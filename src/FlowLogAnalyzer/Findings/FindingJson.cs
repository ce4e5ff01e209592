using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings;

/// <summary>Writes findings as the JSON that scripts rely on: keys in a fixed order, times in UTC with Z, numbers to four decimals.</summary>
public static class FindingJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An array of all findings, indented.</summary>
    public static void WriteArray(Stream output, IEnumerable<Finding> findings)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartArray();
        foreach (var finding in findings)
            Write(writer, finding);
        writer.WriteEndArray();
    }

    /// <summary>One object, to whatever the writer writes to.</summary>
    public static void Write(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("id", finding.Id);
        writer.WriteString("title", finding.Title);
        writer.WriteString("severity", Word(finding.Severity));
        writer.WriteString("confidence", Word(finding.Confidence));
        writer.WriteString("subject", finding.Subject);
        writer.WriteString("firstSeen", SqlText.Iso(finding.FirstSeen));
        writer.WriteString("lastSeen", SqlText.Iso(finding.LastSeen));
        writer.WriteNumber("count", finding.Count);
        writer.WriteString("explanation", finding.Explanation);
        writer.WriteStartObject("evidence");
        foreach (var (name, value) in finding.Evidence)
            WriteValue(writer, name, value);
        writer.WriteEndObject();
        WriteStrings(writer, "limits", finding.Limits);
        WriteAttack(writer, finding.Attack);
        if (finding.Fix is { } fix)
            WriteFix(writer, fix);
        if (finding.Suppressed is { } suppression)
        {
            writer.WriteStartObject("suppressed");
            writer.WriteString("reason", suppression.Reason);
            writer.WriteString("expires", SqlText.Iso(suppression.Expires));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>How severities and confidences are spelled in every output.</summary>
    public static string Word(Enum word) => word.ToString().ToLowerInvariant();

    internal static void WriteValue(Utf8JsonWriter writer, string name, object? value)
    {
        writer.WritePropertyName(name);
        WriteCell(writer, value);
    }

    private static void WriteCell(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case long number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(Math.Round(number, 4)); break;
            case DateTime time: writer.WriteStringValue(SqlText.Iso(time)); break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var item in list)
                    WriteCell(writer, item);
                writer.WriteEndArray();
                break;
            default: writer.WriteStringValue(value.ToString()); break;
        }
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void WriteAttack(Utf8JsonWriter writer, IReadOnlyList<AttackTechnique> techniques)
    {
        writer.WriteStartArray("attack");
        foreach (var technique in techniques)
        {
            writer.WriteStartObject();
            writer.WriteString("id", technique.Id);
            writer.WriteString("name", technique.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteFix(Utf8JsonWriter writer, FindingFix fix)
    {
        writer.WriteStartObject("fix");
        writer.WriteString("summary", fix.Summary);
        WriteStrings(writer, "az", fix.Az);
        writer.WriteString("bicep", fix.Bicep);
        writer.WriteString("terraform", fix.Terraform);
        if (fix.Proof is { } proof)
        {
            writer.WriteStartObject("proof");
            writer.WriteNumber("repaired", proof.Repaired);
            WriteStrings(writer, "alsoAdmitted", proof.AlsoAdmitted);
            writer.WriteNumber("stillDenied", proof.StillDenied);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
