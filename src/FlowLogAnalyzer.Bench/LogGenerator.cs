using System.Globalization;
using System.Text;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Bench;

/// <summary>
/// Writes blobs by a <see cref="LogLaw"/> under the paths that Azure uses. The same law gives the same bytes.
/// Within a rule the tuples are in order of time, as in the samples of the Azure docs (nsg-flow-logs-overview).
/// </summary>
public sealed class LogGenerator(LogLaw law)
{
    public const string Nsg = "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/RG-AKS/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG-USER";
    private readonly LogForm _form = law.Format == LogFormat.VnetV4 ? LogForm.Vnet : LogForm.Nsg;
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

    private string PathOf(int hour, int nic)
    {
        var time = Start.AddHours(hour);
        return string.Create(CultureInfo.InvariantCulture, $"{_form.Folder}/y={time:yyyy}/m={time:MM}/d={time:dd}/h={time:HH}/m=00/macAddress={Mac(nic)}/PT1H.json");
    }

    private MemoryStream Blob(int hour, int nic)
    {
        var random = new Random(unchecked((law.Seed * 1_000_003) + (hour * 1009) + nic));
        var blob = new MemoryStream((int)(2 * LogLaw.MeanBlobBytes));
        var tuples = new TupleText(random, nic, law.Format == LogFormat.VnetV4);
        Text(blob, "{\"records\":[");
        for (var minute = 0; minute < LogLaw.RecordsPerBlob; minute++)
        {
            Text(blob, minute > 0 ? "," : "");
            Record(blob, tuples, Start.AddHours(hour).AddMinutes(minute), law.Tuples(nic, hour, random), nic);
        }

        Text(blob, "]}");
        return blob;
    }

    private void Record(MemoryStream to, TupleText text, DateTime minute, int count, int nic)
    {
        Text(to, _form.Head(string.Create(CultureInfo.InvariantCulture, $"{minute:yyyy-MM-ddTHH:mm}:41.5711620Z"), Mac(nic)));
        var second = new DateTimeOffset(minute).ToUnixTimeSeconds();
        for (var rule = 0; rule < LogLaw.Rules; rule++)
        {
            var ofRule = law.TuplesOf(rule, count);
            var name = rule < 2 ? "DefaultRule_AllowVnetInBound" : "UserRule_rule";
            Text(to, (rule == 0 ? "" : ",") + _form.Rule(string.Create(CultureInfo.InvariantCulture, $"{name}-{rule}"), Mac(nic)));
            for (var i = 0; i < ofRule; i++)
                text.Append(to, second + (i * 60L / ofRule), i > 0, law.WayOf(rule));
            Text(to, _form.RuleEnd);
        }

        Text(to, _form.End);
    }

    private static void Text(MemoryStream to, string text) => to.Write(Encoding.ASCII.GetBytes(text));
}
