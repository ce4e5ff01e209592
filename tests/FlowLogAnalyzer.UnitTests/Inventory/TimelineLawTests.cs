using CsCheck;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;

namespace FlowLogAnalyzer.Tests.Inventory;

/// <summary>Laws that hold for any history of pods that come, go and share addresses.</summary>
public class TimelineLawTests
{
    private const int SnapshotCount = 5;
    private static readonly string[] Ips = ["10.2.0.1", "10.2.0.2"];

    private sealed record History(int Ip, int MinutesBefore, bool[] Seen);

    private static readonly Gen<History[]> Histories =
        Gen.Select(Gen.Int[0, Ips.Length - 1], Gen.Int[0, 90], Gen.Bool.Array[SnapshotCount], (ip, minutes, seen) => new History(ip, minutes, seen)).Array[1, 6];

    [Fact]
    public void A_certain_answer_at_the_time_of_a_snapshot_is_what_the_snapshot_shows() => Histories.Sample(pods =>
    {
        var inventory = ClusterInventory.Build(Documents(pods));
        for (var s = 0; s < SnapshotCount; s++)
            for (var ip = 0; ip < Ips.Length; ip++)
            {
                var owners = Enumerable.Range(0, pods.Length).Where(p => pods[p].Ip == ip && pods[p].Seen[s]).Select(p => $"shop/p{p}").ToList();
                var row = inventory.ResolveAt(Ips[ip], Snapshot(s));
                if (row.Certain && (owners.Count != 1 || row.Facts.Pod != owners[0]))
                    return false;
            }

        return true;
    }, iter: 2000);

    [Fact]
    public void Intervals_never_overlap_and_leave_no_gap() => Histories.Sample(pods =>
    {
        var rows = ClusterInventory.Build(Documents(pods)).Resolve(Ips[0]);
        return rows[0].From == InventorySchema.BeginningOfTime && rows[^1].To == InventorySchema.EndOfTime
            && rows.Zip(rows.Skip(1)).All(p => p.First.To == p.Second.From && p.First.From < p.First.To);
    });

    [Fact]
    public void The_order_of_documents_does_not_matter() => Histories.Sample(pods =>
    {
        var documents = Documents(pods);
        return ClusterInventory.Build(documents).Text() == ClusterInventory.Build(documents.Reverse()).Text();
    });

    private static DateTime Snapshot(int index) => InventoryCases.AsOf.AddHours(index);

    private static InventoryDocument[] Documents(History[] pods)
    {
        var documents = new List<InventoryDocument>();
        for (var s = 0; s < SnapshotCount; s++)
        {
            var coverage = new CoverageEntity { Id = "pod *", Name = InventoryKinds.Pod, Kind = InventoryKinds.Pod, Scope = "*" };
            documents.Add(EntityJson.ToDocument(Snapshot(s), InventoryKinds.Coverage, coverage));
            for (var p = 0; p < pods.Length; p++)
                if (pods[p].Seen[s])
                    documents.Add(EntityJson.ToDocument(Snapshot(s), InventoryKinds.Pod, new PodEntity
                    {
                        Id = $"uid-{p}",
                        Name = $"p{p}",
                        Namespace = "shop",
                        Scope = "shop",
                        Ips = [Ips[pods[p].Ip]],
                        Created = Snapshot(Array.IndexOf(pods[p].Seen, true)).AddMinutes(-pods[p].MinutesBefore),
                    }));
        }

        return [.. documents];
    }
}
