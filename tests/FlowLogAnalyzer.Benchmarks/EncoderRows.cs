using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>
/// Batches as the parser hands them over, with the proportions of busy nodes: 20 NICs, a record per NIC and minute, eight
/// rules, few peers that take most of the tuples and one in ten from the whole internet, 42 of 100 without counters.
/// The rows are sorted as ingest sorts them. The same seed gives the same rows.
/// </summary>
internal sealed class EncoderRows
{
    private const int Nics = 20;
    private const int Rules = 8;
    private static readonly DateTime Hour = new(2025, 11, 16, 9, 0, 0, DateTimeKind.Utc);
    private readonly Random _random = new(1);

    public EncoderRows(int rows, bool allDistinct)
    {
        var perRecord = Math.Max(Rules, rows / Nics / 60);
        for (var nic = 0; nic < Nics; nic++)
            Batches.Add(Batch(nic, perRecord, allDistinct));
        var all = Enumerable.Range(0, Nics).SelectMany(b => Enumerable.Range(0, Batches[b].Count).Select(r => new RowRef(b, r))).ToArray();
        var times = all.Select(r => (Batches[r.Batch].TimeMs[r.Row], r.Batch, r.Row)).ToArray();
        Array.Sort(times, all);
        Rows = all;
    }

    public List<TupleBatch> Batches { get; } = [];

    public RowRef[] Rows { get; }

    private TupleBatch Batch(int nic, int perRecord, bool allDistinct)
    {
        var mac = $"0022482A1B{nic:X2}";
        var id = "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/RG-AKS/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG-USER";
        var batch = new TupleBatch(new BlobIdentity($"resourceId={id}/y=2025/m=11/d=16/h=09/m=00/macAddress={mac}/PT1H.json") { Hour = new BlobHour(Hour), Mac = mac });
        for (var minute = 0; minute < 60; minute++)
        {
            var record = new TupleRecord
            {
                Index = minute,
                Format = LogFormat.NsgV2,
                TimeMs = new DateTimeOffset(Hour.AddMinutes(minute)).ToUnixTimeMilliseconds() + 41_571,
                Mac = mac,
                SystemId = "2a7d3c5e-5c1b-4f0e-9f0c-7b8a4d1c2e3f",
                ResourceId = id,
            };
            for (var i = 0; i < perRecord; i++)
            {
                if (i % (perRecord / Rules) == 0)
                {
                    var group = batch.BeginGroup(record);
                    (group.Rule, group.AclId) = (i % 2 == 0 ? $"UserRule_rule-{i * Rules / perRecord}" : "DefaultRule_AllowVnetInBound", id);
                }

                batch.Add(Tuple(minute, nic, allDistinct), i);
            }
        }

        return batch;
    }

    private TupleValues Tuple(int minute, int nic, bool allDistinct)
    {
        var denied = _random.Next(10) == 0;
        var state = denied ? FlowState.Denied : _random.Next(100) switch { < 36 => FlowState.Begin, < 56 => FlowState.Continuing, _ => FlowState.End };
        var counted = state is FlowState.Continuing or FlowState.End;
        var inbound = _random.Next(2) == 0;
        var own = IpAddressKey.FromIPv4(0x0A0A0300u + (uint)nic);
        var peer = Peer(allDistinct);
        var packets = counted ? 1 + (long)Math.Exp(_random.NextDouble() * 7) : -1;
        var back = counted ? 1 + (long)Math.Exp(_random.NextDouble() * 7) : -1;
        return new TupleValues
        {
            TimeMs = new DateTimeOffset(Hour).ToUnixTimeMilliseconds() + (minute * 60_000) + (allDistinct ? _random.Next(60_000) : _random.Next(60) * 1000),
            Source = inbound ? peer : own,
            Destination = inbound ? own : allDistinct ? Peer(true) : peer,
            SourcePort = _random.Next(1024, 65536),
            DestinationPort = _random.Next(3) switch { 0 => 31880, 1 => 443, _ => _random.Next(20) * 1000 },
            Protocol = (short)(_random.Next(20) == 0 ? 17 : 6),
            Direction = inbound ? Direction.Inbound : Direction.Outbound,
            Decision = denied ? Decision.Deny : Decision.Allow,
            State = state,
            PacketsSent = packets,
            BytesSent = counted ? packets * _random.Next(60, 1400) : -1,
            PacketsReceived = back,
            BytesReceived = counted ? back * _random.Next(60, 1400) : -1,
        };
    }

    private IpAddressKey Peer(bool anyone)
    {
        if (anyone || _random.Next(10) == 0)
            return IpAddressKey.FromIPv4((uint)_random.NextInt64(1L << 32));
        // The square makes low numbers frequent, as a few peers are in real logs.
        return IpAddressKey.FromIPv4(0x0A0A0400u + (uint)(_random.NextDouble() * _random.NextDouble() * 4000));
    }
}
