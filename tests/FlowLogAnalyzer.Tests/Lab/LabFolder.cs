using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Lab;

namespace FlowLogAnalyzer.Tests.Lab;

/// <summary>A scenario written to a folder of its own, and read back with nothing but a JSON library.</summary>
internal sealed class LabFolder : IDisposable
{
    public LabFolder(string scenario, LabOptions? options = null)
    {
        Path = Directory.CreateTempSubdirectory("lab-").FullName;
        Truth = LabRunner.Write(LabScenarios.Find(scenario)!, options ?? new LabOptions(), Path);
    }

    public string Path { get; }

    public LabTruth Truth { get; }

    public IReadOnlyList<string> Blobs => [.. Directory.EnumerateFiles(Path, "PT1H.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public IEnumerable<RawTuple> Tuples() => Blobs.SelectMany(RawTuple.Read);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>One tuple as text with what is around it.</summary>
internal sealed record RawTuple(string Blob, string Mac, DateTimeOffset RecordTime, string Acl, string Rule, string[] Fields)
{
    public long Time => long.Parse(Fields[0]);

    public string Source => Fields[1];

    public string Destination => Fields[2];

    public string FiveTuple => string.Join(',', Fields[1..6]);

    public string Direction => Fields[6];

    public bool IsVnet => Blob.Contains("flowlogflowevent", StringComparison.Ordinal);

    public string State => Fields.Length == 8 ? "" : IsVnet ? Fields[7] : Fields[8];

    /// <summary>Decision in NSG logs, state in VNet logs: the same field by chance.</summary>
    public bool IsDenied => Fields[7] == "D";

    public long Milliseconds => IsVnet ? Time : Time * 1000;

    public static IEnumerable<RawTuple> Read(string blob)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(blob));
        foreach (var record in document.RootElement.GetProperty("records").EnumerateArray())
        {
            var mac = record.GetProperty("macAddress").GetString()!;
            var time = record.GetProperty("time").GetDateTimeOffset();
            var groups = record.TryGetProperty("properties", out var properties)
                ? properties.GetProperty("flows").EnumerateArray().SelectMany(f => f.GetProperty("flows").EnumerateArray().Select(g => (Acl: record.GetProperty("resourceId").GetString()!, Rule: f.GetProperty("rule").GetString()!, Tuples: g.GetProperty("flowTuples"))))
                : record.GetProperty("flowRecords").GetProperty("flows").EnumerateArray().SelectMany(f => f.GetProperty("flowGroups").EnumerateArray().Select(g => (Acl: f.GetProperty("aclID").GetString()!, Rule: g.GetProperty("rule").GetString()!, Tuples: g.GetProperty("flowTuples"))));
            foreach (var group in groups)
            {
                foreach (var tuple in group.Tuples.EnumerateArray())
                    yield return new RawTuple(blob, mac, time, group.Acl, group.Rule, tuple.GetString()!.Split(','));
            }
        }
    }

    /// <summary>The compact text of every record of a blob, by cutting at top-level braces.</summary>
    public static List<byte[]> RecordTexts(byte[] blob)
    {
        var text = Encoding.UTF8.GetString(blob);
        var records = new List<byte[]>();
        int depth = 0, start = 0;
        for (var i = text.IndexOf('[', StringComparison.Ordinal) + 1; i < text.Length; i++)
        {
            if (text[i] == '{' && depth++ == 0)
                start = i;
            else if (text[i] == '}' && --depth == 0)
                records.Add(Encoding.UTF8.GetBytes(text[start..(i + 1)]));
            else if (text[i] == ']' && depth == 0)
                break;
        }
        return records;
    }
}
