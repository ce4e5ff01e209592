using System.Globalization;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Benchmarks.LargeLake;

/// <summary>
/// The same hour at another time: with other source ports, and with the internet's clients and servers, of which the lab
/// has none, in the place of some of its machines. All tuples of a flow change in the same way.
/// </summary>
internal sealed class ShiftedHour(LakeLaw law, int hour)
{
    private const int FirstEphemeral = 32_768;
    private const int EphemeralPorts = 28_232;
    private const int Frontend = 0x0A0A_0264;
    private const uint ClientSubnet = 0x0A0A_0400;

    private readonly long _shift = hour * 3_600_000L;

    /// <summary>The rows whose record is one of those from <paramref name="first"/> to before <paramref name="end"/>, counted from 0 in the blob.</summary>
    public TupleBatch Of(TupleBatch from, int first = 0, int end = int.MaxValue)
    {
        var batch = new TupleBatch(Blob(from.Blob), from.Count);
        var records = new Dictionary<TupleRecord, TupleRecord>(ReferenceEqualityComparer.Instance);
        foreach (var group in from.Groups)
        {
            if (!records.TryGetValue(group.Record, out var record))
                records.Add(group.Record, record = Shifted(group.Record));
            var begun = batch.BeginGroup(record);
            (begun.Rule, begun.AclId, begun.Mac, begun.Flags) = (group.Rule, group.AclId, group.Mac, group.Flags);
        }

        for (var row = 0; row < from.Count; row++)
        {
            if (from.Groups[from.Group[row]].Record.Index is var index && (index < first || index >= end))
                continue;
            batch.Add(Row(from, row), from.TupleIndex[row]);
            batch.Group[batch.Count - 1] = from.Group[row];
        }

        return batch;
    }

    private BlobIdentity Blob(BlobIdentity blob)
    {
        var time = blob.Hour!.Value.StartUtc.AddMilliseconds(_shift);
        var folder = blob.Key[..blob.Key.IndexOf("/y=", StringComparison.Ordinal)];
        return FlowLogPath.Parse(string.Create(CultureInfo.InvariantCulture, $"{folder}/y={time:yyyy}/m={time:MM}/d={time:dd}/h={time:HH}/m=00/macAddress={blob.Mac}/PT1H.json"));
    }

    private TupleRecord Shifted(TupleRecord record) => new()
    {
        Index = record.Index,
        Format = record.Format,
        TimeMs = record.TimeMs + _shift,
        Mac = record.Mac,
        SystemId = record.SystemId,
        ResourceId = record.ResourceId,
        TargetId = record.TargetId,
        Flags = record.Flags,
    };

    private TupleValues Row(TupleBatch from, int row)
    {
        var (source, destination) = (from.Addresses.Key(from.Source[row]), from.Addresses.Key(from.Destination[row]));
        var port = Port(from.SourcePort[row]);
        var inbound = from.Direction[row] == Direction.Inbound;
        if (inbound && destination.V4 == Frontend && (source.V4 & 0xFFFF_FF00) == ClientSubnet && Mix(port, 1) % 2 == 0)
            source = Internet(0x5000_0000, law.InternetClients, Mix(port, source.V4));
        else if (!inbound && from.DestinationPort[row] == 443 && destination.V4 >> 24 is 13 or 20 or 185 && !IsApiServer(destination))
            destination = Internet(0x1700_0000, law.InternetServers, Mix(port, source.V4));
        return new TupleValues
        {
            TimeMs = from.TimeMs[row] + _shift,
            Source = source,
            Destination = destination,
            SourcePort = port,
            DestinationPort = from.DestinationPort[row],
            Protocol = from.Protocol[row],
            Direction = from.Direction[row],
            Decision = from.Decision[row],
            State = from.State[row],
            Encryption = from.Texts[from.Encryption[row]],
            PacketsSent = from.PacketsSent[row],
            BytesSent = from.BytesSent[row],
            PacketsReceived = from.PacketsReceived[row],
            BytesReceived = from.BytesReceived[row],
            Flags = from.Flags[row],
            Other = from.Texts[from.Other[row]],
        };
    }

    private static bool IsApiServer(IpAddressKey address) => address.V4 == 0x144C_0B0C;

    private int Port(int port) => port < FirstEphemeral || port >= FirstEphemeral + EphemeralPorts ? port : FirstEphemeral + ((port - FirstEphemeral + (hour * 7919)) % EphemeralPorts);

    /// <summary>The cube makes a few addresses frequent and most of them rare.</summary>
    private static IpAddressKey Internet(uint range, int addresses, ulong random)
    {
        var share = (random >> 11) / (double)(1UL << 53);
        var number = (uint)(share * share * share * addresses);
        return IpAddressKey.FromIPv4(range + ((number * 2_654_435_761u) >> 8));
    }

    private ulong Mix(int port, uint salt)
    {
        var x = ((ulong)(uint)hour << 48) ^ ((ulong)salt << 16) ^ (uint)port;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
