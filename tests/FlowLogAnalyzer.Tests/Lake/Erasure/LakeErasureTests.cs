using System.Text;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Erasure;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;
using Parquet;

namespace FlowLogAnalyzer.Tests.Lake.Erasure;

public sealed class LakeErasureTests : IDisposable
{
    private const string Person = "10.241.0.49";
    private static readonly TimeProvider Clock = TimeProvider.System;
    private static readonly Column[] Documents = [new("kind", ColumnType.String, false, ""), new("json", ColumnType.String, false, "")];

    /// <summary>Not compressed, so that a search through the bytes of all files finds what there is.</summary>
    private static readonly LakeOptions Plain = new() { Compression = CompressionMethod.None, CheckpointEvery = 2 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_at_any_operation_nothing_of_the_address_is_left_after_the_next_run_and_everything_else_is()
    {
        var rest = await LivedAsync(_folder["whole"]);
        Assert.True(Traces(_folder["whole"]).Count > 3, "the search finds nothing");
        for (var failAt = 1; ; failAt++)
        {
            var copy = _folder[$"copy-{failAt}"];
            CopyAll(_folder["whole"], copy);
            FaultyStore? store = null;
            var unlucky = await FlowLake.OpenAsync(copy, Plain with { WrapStore = s => store = new FaultyStore(s, failAt, failAt % 2 == 0) });
            var isDone = await TryAsync(unlucky);

            await new LakeErasure(await FlowLake.OpenAsync(copy, Plain), Clock).RunAsync(Address);

            Assert.Empty(Traces(copy));
            Assert.Equal(rest, await Ingests.RowsAsync(copy));
            var lake = await FlowLake.OpenAsync(copy, Plain);
            Assert.Equal("", string.Join('\n', (await new LakeVerifier(lake, Clock).RunAsync()).Problems.Select(p => $"{failAt}: {p}")));
            Assert.True((await new LakeErasure(lake, Clock).FindAsync(Address)).IsEmpty);
            Assert.Equal(["{\"a\":\"0.0.0.0\",\"b\":\"10.240.0.7\"}", "{\"a\":\"10.240.0.0/16\"}"], (await lake.Table("inventory", Documents).ReadAllAsync()).Select(r => (string)r[1]!));
            Assert.Equal(0, (await Ingests.RunAsync(copy, o => o with { Lake = lake }, _folder["logs"])).Rows);
            Directory.Delete(copy, recursive: true);
            if (isDone && store!.Operations < failAt)
                break;
        }
    }

    [Fact]
    public async Task What_would_be_erased_is_counted_and_nothing_is_changed()
    {
        await LivedAsync(_folder["whole"]);
        var before = Files(_folder["whole"]).ToDictionary(f => f, File.ReadAllBytes);
        var lake = await FlowLake.OpenAsync(_folder["whole"], Plain);
        var rows = Duck.Row($"select count(*) from {await LakeRows.DuckAsync(lake)} where src_ip = '{Person}' or dst_ip = '{Person}'")[0];

        var found = await new LakeErasure(lake, Clock).FindAsync(Address);

        Assert.Equal(rows, $"{found.Rows}");
        Assert.Equal(new Dictionary<string, long> { ["findings"] = 1, ["inventory"] = 1 }, found.TableRows);
        Assert.True(found is { Files: > 0, Positions: > 0, OldFiles: > 0 }, found.ToString());
        Assert.Equal(before, Files(_folder["whole"]).ToDictionary(f => f, File.ReadAllBytes));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3, 10.1.2.30, 110.1.2.3, 10.1.2.3.4 and 10.1.2.3:443 10.1.2.3/32 10.1.2.3/24", "0.0.0.0, 10.1.2.30, 110.1.2.3, 10.1.2.3.4 and 0.0.0.0:443 0.0.0.0 10.1.2.3/24")]
    [InlineData("fd00::1", "[FD00:0:0::1]:443 fd00::1/128 fd00::12 fd00::1/64 00:22:48:0A:0B:0C", "[::]:443 :: fd00::12 fd00::1/64 00:22:48:0A:0B:0C")]
    public void An_address_is_found_however_it_is_spelled_and_no_other_is(string address, string text, string expected)
    {
        Assert.True(IpAddressKey.TryParse(address, out var key));

        Assert.Equal(expected, new AddressText(key).Erase(text));
    }

    private static IpAddressKey Address => IpAddressKey.TryParse(Person, out var key) ? key : throw new InvalidOperationException();

    private static async Task<bool> TryAsync(FlowLake lake)
    {
        try
        {
            await new LakeErasure(lake, Clock).RunAsync(Address);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Files(string lake) => Directory.GetFiles(lake, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>Files that have the address in them, as text or as key; a name that begins like it is another address.</summary>
    private static IReadOnlyList<string> Traces(string lake) =>
        [.. Files(lake).Where(f => Encoding.Latin1.GetString(File.ReadAllBytes(f)) is var text && (text.Contains(Person, StringComparison.Ordinal) || text.Contains(Address.ToHex(), StringComparison.Ordinal)))];

    private static void CopyAll(string from, string to)
    {
        foreach (var file in Files(from))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Two dates of two NICs, compacted and archived in part, with documents; returns the rows that do not name the address.</summary>
    private async Task<string[]> LivedAsync(string path)
    {
        var logs = _folder["logs"];
        var lake = await FlowLake.OpenAsync(path, Plain);
        for (var nic = 0; nic < 4; nic++)
        {
            var hour = LogBlobs.Hour.AddDays(nic / 2);
            LogBlobs.Write(logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 3, 40, hour)), 1, hour);
            await Ingests.RunAsync(path, o => o with { Lake = lake }, logs);
        }

        await new PositionRetirement(lake, Clock).RunAsync(DateOnly.FromDateTime(LogBlobs.Hour).AddDays(1));
        await new LakeCompactor(lake, Clock).RunAsync(new CompactOptions { Before = DateOnly.FromDateTime(LogBlobs.Hour).AddDays(1) });
        await lake.Table("inventory", Documents).AppendAsync([["pod", $"{{\"a\":\"{Person}\",\"b\":\"10.240.0.7\"}}"], ["nsg", "{\"a\":\"10.240.0.0/16\"}"]]);
        await lake.Table("findings", Documents).AppendAsync([["LAT-001", $"from {Person}:443"], ["LAT-002", "from nobody"]]);
        return [.. (await Ingests.RowsAsync(path)).Where(row => !row.Contains($"\"{Person}\"", StringComparison.Ordinal))];
    }
}
