using System.Globalization;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>
/// Damage to any file of a lake: what is read is right, or an error names the file; never other rows. Long runs: docs/reliability.md.
/// </summary>
[Collection(nameof(SimulationTests))]
public sealed class CorruptionTests(ITestOutputHelper output)
{
    /// <summary>Log files are known not to be told apart from whole ones after some damages: <c>FLOWLOG_TEST_ALL=1</c> shows which.</summary>
    private static bool WithLog => SimulatedVerbs.All;

    [Fact]
    public async Task A_damaged_lake_gives_the_right_rows_or_an_error_that_names_the_file() => await DamageAsync(Enumerable.Range(0, 150));

    [Fact(Explicit = true)]
    public async Task Thousands_of_damaged_lakes() => await DamageAsync(Enumerable.Range(SimulationTests.Number("FLOWLOG_TEST_FROM", 0), SimulationTests.Number("FLOWLOG_TEST_SEEDS", 1_000)));

    /// <summary>Every bit of every file, one after the other.</summary>
    [Fact(Explicit = true)]
    public async Task Every_bit_of_a_small_lake()
    {
        var lake = await DamagedLake.MakeAsync();
        var truth = await lake.ReadAsync(null, null);
        var tally = new Tally(output);
        foreach (var (path, bytes) in lake.Files.Where(f => WithLog || !f.Key.Contains("/_delta_log/", StringComparison.Ordinal)))
            for (var bit = 0; bit < bytes.Length * 8; bit++)
                await tally.TryAsync(lake, truth, new Damage(path, Flipped(bytes, bit), $"bit {bit} of '{path}' flipped"));
        tally.Finish();
    }

    private async Task DamageAsync(IEnumerable<int> seeds)
    {
        var lake = await DamagedLake.MakeAsync();
        var truth = await lake.ReadAsync(null, null);
        Assert.True(truth.Length > 5_000, "There is hardly anything to damage.");
        var tally = new Tally(output);
        foreach (var seed in seeds)
            await tally.TryAsync(lake, truth, Any(lake, new Random(seed), seed));
        tally.Finish();
    }

    private static Damage Any(DamagedLake lake, Random random, int seed)
    {
        var files = lake.Files.Where(f => WithLog || !f.Key.Contains("/_delta_log/", StringComparison.Ordinal)).ToList();
        var (path, bytes) = files[random.Next(files.Count)];
        switch (random.Next(8))
        {
            case 0:
                return new Damage(path, null, $"{seed}: '{path}' deleted");
            case 1:
                var length = random.Next(bytes.Length);
                return new Damage(path, bytes[..length], $"{seed}: '{path}' cut to {length} of {bytes.Length} bytes");
            case 2:
                var kind = Kind(path);
                var others = lake.Files.Where(f => Kind(f.Key) == kind && f.Key != path).ToList();
                if (others.Count == 0)
                    goto default;
                var other = others[random.Next(others.Count)];
                return new Damage(path, other.Value, $"{seed}: '{path}' replaced by '{other.Key}'");
            default:
                var bit = random.Next(bytes.Length * 8);
                return new Damage(path, Flipped(bytes, bit), $"{seed}: bit {bit} of '{path}' flipped");
        }
    }

    private static string Kind(string path) => path[..path.IndexOf('/', StringComparison.Ordinal)] + (path.Contains("_delta_log", StringComparison.Ordinal) ? "/log" : "") + Path.GetExtension(path);

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    private sealed record Damage(string Path, byte[]? Content, string What);

    private sealed class Tally(ITestOutputHelper output)
    {
        private readonly List<string> _bad = [];
        private int _right;
        private int _named;

        public async Task TryAsync(DamagedLake lake, string truth, Damage damage)
        {
            try
            {
                if (await lake.ReadAsync(damage.Path, damage.Content) == truth)
                    _right++;
                else
                    _bad.Add($"{damage.What}: other rows in silence");
            }
            catch (Exception e)
            {
                if (e is (IOException or InvalidDataException or NotSupportedException) && e.Message.Contains(Path.GetFileNameWithoutExtension(damage.Path), StringComparison.Ordinal))
                    _named++;
                else
                    _bad.Add($"{damage.What}: {e.GetType().Name}: {e.Message}");
            }
        }

        public void Finish()
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_right} read right, {_named} refused by name, {_bad.Count} neither"));
            Assert.True(_bad.Count == 0, string.Join('\n', _bad.Take(60)));
        }
    }
}
