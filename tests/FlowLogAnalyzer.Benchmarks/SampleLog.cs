using System.Text;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>
/// NSG version 2 blobs with the proportions of busy nodes: one record per minute, eight rules, few peers that take most of
/// the tuples, two in five of them Begin without counters. The same seed gives the same bytes.
/// </summary>
public static class SampleLog
{
    public static byte[] Blob(int records, int tuplesPerRecord, int seed = 1)
    {
        var random = new Random(seed);
        var json = new StringBuilder("{\"records\":[");
        for (var i = 0; i < records; i++)
            AppendRecord(json, i, tuplesPerRecord, random);

        return Encoding.UTF8.GetBytes(json.Append("]}").ToString());
    }

    public static string Tuple(int minute, Random random)
    {
        var time = 1_763_283_600 + (minute * 60) + random.Next(60);
        // The square makes low numbers frequent, as a few peers are in real logs.
        var peer = (int)(random.NextDouble() * random.NextDouble() * 4000);
        var address = $"10.{10 + (peer / 1000)}.{peer / 250 % 4}.{4 + (peer % 250)}";
        var denied = random.Next(10) == 0;
        var state = denied ? 'B' : "BBBBCCEEEE"[random.Next(10)];
        var counters = state == 'B' ? ",,," : $"{random.Next(1, 900)},{random.Next(60, 900_000)},{random.Next(1, 900)},{random.Next(60, 900_000)}";
        return $"{time},{address},10.10.3.4,{random.Next(1024, 65535)},{(random.Next(3) == 0 ? 31880 : 443)},{(random.Next(20) == 0 ? 'U' : 'T')},"
            + $"{(random.Next(2) == 0 ? 'I' : 'O')},{(denied ? 'D' : 'A')},{state},{counters}";
    }

    private static void AppendRecord(StringBuilder json, int minute, int tuples, Random random)
    {
        json.Append(minute == 0 ? "" : ",")
            .Append($"{{\"time\":\"2025-11-16T09:{minute % 60:00}:41.5711620Z\",\"systemId\":\"2a7d3c5e-5c1b-4f0e-9f0c-7b8a4d1c2e3f\",\"macAddress\":\"0022482A1B3C\",")
            .Append("\"category\":\"NetworkSecurityGroupFlowEvent\",\"resourceId\":\"/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/RG-AKS/PROVIDERS/")
            .Append("MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG-USER\",\"operationName\":\"NetworkSecurityGroupFlowEvents\",\"properties\":{\"Version\":2,\"flows\":[");
        const int rules = 8;
        for (var rule = 0; rule < rules; rule++)
        {
            json.Append(rule == 0 ? "" : ",").Append($"{{\"rule\":\"UserRule_rule-{rule}\",\"flows\":[{{\"mac\":\"0022482A1B3C\",\"flowTuples\":[");
            for (var i = rule; i < tuples; i += rules)
                json.Append(i == rule ? "\"" : ",\"").Append(Tuple(minute, random)).Append('"');
            json.Append("]}]}");
        }

        json.Append("]}}");
    }
}
