using System.Globalization;
using System.Text;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>NSG v2 blobs in Azure's layout: 12 bytes, records joined by commas, 2 bytes.</summary>
internal static class LogBlobs
{
    public const string Head = "{\"records\":[";
    public const string Closer = "]}";

    public static readonly DateTime Hour = new(2026, 11, 20, 9, 0, 0, DateTimeKind.Utc);

    /// <summary>The path that Azure gives the blob of a NIC and hour.</summary>
    public static string Path(int nic, DateTime? hour = null)
    {
        var h = hour ?? Hour;
        return string.Create(CultureInfo.InvariantCulture,
            $"insights-logs-networksecuritygroupflowevent/resourceId=/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG-USER/y={h:yyyy}/m={h:MM}/d={h:dd}/h={h:HH}/m=00/macAddress=0022480000{nic:X2}/PT1H.json");
    }

    /// <summary>A record of a minute with the given number of tuples.</summary>
    public static string Record(int nic, int minute, int tuples, DateTime? hour = null)
    {
        var h = hour ?? Hour;
        var random = new Random((nic * 1000) + minute);
        var list = Enumerable.Range(0, tuples).Select(i => Tuple(random, h, minute));
        return string.Create(CultureInfo.InvariantCulture, $$$"""
            {"time":"{{{h.AddMinutes(minute + 1):yyyy-MM-dd'T'HH:mm:ss'Z'}}}","systemId":"11111111-2222-3333-4444-555555555555","macAddress":"0022480000{{{nic:X2}}}","category":"NetworkSecurityGroupFlowEvent","resourceId":"/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG-USER","operationName":"NetworkSecurityGroupFlowEvents","properties":{"Version":2,"flows":[{"rule":"UserRule_AllowWeb","flows":[{"mac":"0022480000{{{nic:X2}}}","flowTuples":[{{{string.Join(',', list)}}}]}]}]}}
            """);
    }

    public static IReadOnlyList<string> Records(int nic, int count, int tuples = 20, DateTime? hour = null) =>
        [.. Enumerable.Range(0, count).Select(m => Record(nic, m, tuples, hour))];

    public static string Whole(IEnumerable<string> records) => Head + string.Join(',', records) + Closer;

    /// <summary>Writes the blob below a folder; the time of writing is set, so that two states never look alike by accident.</summary>
    public static string Write(string folder, int nic, string content, int version = 1, DateTime? hour = null) =>
        WriteFile(System.IO.Path.Combine(folder, Path(nic, hour)), Encoding.UTF8.GetBytes(content), version);

    public static string WriteFile(string path, byte[] content, int version = 1)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, Hour.AddHours(1).AddMinutes(version));
        return path;
    }

    private static string Tuple(Random random, DateTime hour, int minute)
    {
        var time = new DateTimeOffset(hour.AddMinutes(minute).AddSeconds(random.Next(60))).ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture,
            $"\"{time},10.240.0.{random.Next(200)},10.241.0.{random.Next(50)},{random.Next(1024, 65535)},443,T,I,A,E,{random.Next(99)},{random.Next(9999)},{random.Next(99)},{random.Next(9999)}\"");
    }
}
