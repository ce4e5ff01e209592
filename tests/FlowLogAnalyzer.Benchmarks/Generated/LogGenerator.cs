using System.Globalization;
using System.Text;

namespace FlowLogAnalyzer.Benchmarks.Generated;

/// <summary>
/// Writes NSG version 2 blobs by a <see cref="LogLaw"/> under the paths that Azure uses. The same law gives the same bytes.
/// Within a rule the tuples are in order of time, as in the samples of the Azure docs (nsg-flow-logs-overview).
/// </summary>
public sealed class LogGenerator(LogLaw law)
{
    public const string Nsg = "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/RG-AKS/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG-USER";
    private static readonly DateTime Start = new(2025, 11, 10, 6, 0, 0, DateTimeKind.Utc);

    /// <summary>Fills an empty folder; returns the bytes written.</summary>
    public long Write(string folder)
    {
        long bytes = 0;
        Parallel.For(0, law.Hours * law.Nics, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var blob = Blob(i / law.Nics, i % law.Nics);
            var path = Path.Combine(folder, PathOf(i / law.Nics, i % law.Nics));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = File.Create(path);
            blob.WriteTo(file);
            Interlocked.Add(ref bytes, blob.Length);
        });
        return bytes;
    }

    public static string Mac(int nic) => $"0022482A1B{nic:X2}";

    private static string PathOf(int hour, int nic)
    {
        var time = Start.AddHours(hour);
        return string.Create(CultureInfo.InvariantCulture, $"resourceId={Nsg}/y={time:yyyy}/m={time:MM}/d={time:dd}/h={time:HH}/m=00/macAddress={Mac(nic)}/PT1H.json");
    }

    private MemoryStream Blob(int hour, int nic)
    {
        var random = new Random(unchecked((law.Seed * 1_000_003) + (hour * 1009) + nic));
        var blob = new MemoryStream((int)(2 * LogLaw.MeanBlobBytes));
        var tuples = new TupleText(random, nic);
        Text(blob, "{\"records\":[");
        for (var minute = 0; minute < LogLaw.RecordsPerBlob; minute++)
        {
            Text(blob, minute > 0 ? "," : "");
            Record(blob, tuples, Start.AddHours(hour).AddMinutes(minute), law.Tuples(nic, hour, random), nic);
        }

        Text(blob, "]}");
        return blob;
    }

    private static void Record(MemoryStream to, TupleText text, DateTime minute, int count, int nic)
    {
        Text(to, string.Create(CultureInfo.InvariantCulture, $"{{\"time\":\"{minute:yyyy-MM-ddTHH:mm}:41.5711620Z\",\"systemId\":\"2a7d3c5e-5c1b-4f0e-9f0c-7b8a4d1c2e3f\",\"macAddress\":\"{Mac(nic)}\","));
        Text(to, $"\"category\":\"NetworkSecurityGroupFlowEvent\",\"resourceId\":\"{Nsg}\",\"operationName\":\"NetworkSecurityGroupFlowEvents\",\"properties\":{{\"Version\":2,\"flows\":[");
        var second = new DateTimeOffset(minute).ToUnixTimeSeconds();
        for (var rule = 0; rule < LogLaw.Rules; rule++)
        {
            var ofRule = (count / LogLaw.Rules) + (rule < count % LogLaw.Rules ? 1 : 0);
            Text(to, $"{(rule == 0 ? "" : ",")}{{\"rule\":\"{(rule < 2 ? "DefaultRule_AllowVnetInBound" : "UserRule_rule")}-{rule}\",\"flows\":[{{\"mac\":\"{Mac(nic)}\",\"flowTuples\":[");
            for (var i = 0; i < ofRule; i++)
                text.Append(to, second + (i * 60L / ofRule), i > 0);
            Text(to, "]}]}");
        }

        Text(to, "]}}");
    }

    private static void Text(MemoryStream to, string text) => to.Write(Encoding.ASCII.GetBytes(text));
}
