using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Logs;

/// <summary>One log of one NIC: where its blobs are, and who writes their records.</summary>
internal sealed class LogStream(LogFormat format, string nsg, string mac)
{
    public RecordWriter Writer { get; } = format == LogFormat.VnetV4 ? new VnetRecordWriter(mac) : new NsgRecordWriter(nsg, mac, format == LogFormat.NsgV1 ? 1 : 2);

    /// <summary>Path of the blob of the hour in which a record is made, container first (Azure docs, flow-logs-read).</summary>
    public string Path(long recordTime)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(recordTime);
        return $"{Resource()}/y={time:yyyy}/m={time:MM}/d={time:dd}/h={time:HH}/m=00/macAddress={mac}/PT1H.json";
    }

    private string Resource()
    {
        if (format == LogFormat.VnetV4)
        {
            var watcher = $"NetworkWatcher_{LabIds.Location}_{LabIds.VnetFlowLog}";
            return $"insights-logs-flowlogflowevent/flowLogResourceID=/{LabIds.Subscription.ToUpperInvariant()}_NETWORKWATCHERRG/{watcher.ToUpperInvariant()}";
        }
        return "insights-logs-networksecuritygroupflowevent/resourceId=" + LabIds.Nsg(nsg).ToUpperInvariant();
    }
}
