using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Hand-made tuples for tests of the lake.</summary>
internal static class Batches
{
    public static readonly DateTime Start = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    public static BlobIdentity Blob(string name, DateTime? hour = null) =>
        new($"resourceId=/SUBSCRIPTIONS/0/NSG/{name}/PT1H.json") { Hour = new BlobHour(hour ?? Start), Mac = "002248AABBCC" };

    /// <summary>Rows of one blob: a record a minute of <paramref name="perRecord"/> tuples, with every kind of null.</summary>
    public static TupleBatch Make(BlobIdentity blob, int rows, int perRecord = 50, int seed = 1)
    {
        var random = new Random(seed);
        var batch = new TupleBatch(blob, 16);
        var hour = blob.Hour?.StartUtc ?? Start;
        for (var row = 0; row < rows; row++)
        {
            if (row % perRecord == 0)
                Begin(batch, row / perRecord, hour, random);
            batch.Add(Values(random, hour, row, perRecord), row % perRecord);
        }

        return batch;
    }

    private static void Begin(TupleBatch batch, int record, DateTime hour, Random random)
    {
        var group = batch.BeginGroup(new TupleRecord
        {
            Index = record,
            Format = record % 2 == 0 ? LogFormat.NsgV2 : LogFormat.VnetV4,
            TimeMs = Ms(hour.AddMinutes(record % 60 + 1)),
            Mac = $"00224800000{random.Next(8)}",
            SystemId = "11111111-2222-3333-4444-555555555555",
            ResourceId = "/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG-USER",
            TargetId = record % 2 == 0 ? null : "/subscriptions/0/virtualNetworks/vnet",
        });
        group.Rule = record % 3 == 0 ? "UserRule_AllowWeb" : "DefaultRule_DenyAllInBound";
        group.AclId = record % 5 == 0 ? null : "22222222-0000-0000-0000-000000000000";
    }

    private static TupleValues Values(Random random, DateTime hour, int row, int perRecord)
    {
        var deny = random.Next(5) == 0;
        return new TupleValues
        {
            TimeMs = Ms(hour.AddMinutes(row / perRecord % 60)) + random.Next(60_000),
            Source = IpAddressKey.FromIPv4(0x0A000000u + (uint)random.Next(500)),
            Destination = random.Next(10) == 0 ? IpAddressKey.FromIPv6(((UInt128)0xfd00 << 112) + (uint)random.Next(9)) : IpAddressKey.FromIPv4(0x0A010000u + (uint)random.Next(50)),
            SourcePort = random.Next(20) == 0 ? -1 : random.Next(65536),
            DestinationPort = 443,
            Protocol = (short)(random.Next(30) == 0 ? -1 : 6),
            Direction = random.Next(2) == 0 ? Direction.Inbound : Direction.Outbound,
            Decision = deny ? Decision.Deny : Decision.Allow,
            State = deny ? FlowState.Denied : FlowState.End,
            Encryption = random.Next(2) == 0 ? null : "NX",
            PacketsSent = deny ? -1 : random.Next(1000),
            BytesSent = deny ? -1 : random.NextInt64(1L << 49),
            PacketsReceived = deny ? -1 : random.Next(1000),
            BytesReceived = deny ? -1 : random.Next(100000),
            Flags = random.Next(9) == 0 ? QualityFlags.Spaces : QualityFlags.None,
            Other = random.Next(50) == 0 ? "protocol=Q" : null,
        };
    }

    public static long Ms(DateTime time) => new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
