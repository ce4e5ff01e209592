using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Lake;

public sealed class CheckpointStepTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(199, 10)]
    [InlineData(200, 20)]
    [InlineData(399, 20)]
    [InlineData(400, 40)]
    [InlineData(10_000, 640)]
    public void A_table_of_many_versions_gets_a_checkpoint_less_often(long version, long step) => Assert.Equal(step, DeltaTable.CheckpointStep(10, version));

    [Fact]
    public void Between_two_checkpoints_are_never_more_than_a_tenth_of_all_versions()
    {
        var (last, most) = (0L, 0.0);
        for (var version = 1L; version <= 100_000; version++)
        {
            if (version % DeltaTable.CheckpointStep(10, version) != 0)
                continue;
            most = version > 200 ? Math.Max(most, (version - last) / (double)version) : most;
            last = version;
        }

        Assert.InRange(most, 0.01, 0.1);
    }
}
