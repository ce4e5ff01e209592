using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg.Suggest;

namespace FlowLogAnalyzer.Tests.Nsg.Suggest;

public class FreePriorityTests
{
    [Theory]
    [InlineData(200, 190)] // a gap of 10
    [InlineData(160, 149)] // 150 is taken
    [InlineData(105, 104)] // no room for the gap: as near as possible
    [InlineData(101, 100)]
    [InlineData(100, null)] // nothing is below
    [InlineData(65500, 4086)] // before a default rule
    [InlineData(4096, 4086)]
    public void Takes_the_largest_free_number_before_a_rule(int before, int? expected)
    {
        var nsg = NsgText.Nsg("n", "taken 150 in allow * * > *", "other 190 out allow * * > *");

        Assert.Equal(expected, FreePriority.Before(nsg, Direction.Inbound, before));
    }

    [Fact]
    public void Keeps_out_of_reserved_blocks()
    {
        var options = new PriorityOptions { Reserved = [new(150, 190), new(100, 120)] };

        Assert.Equal(149, FreePriority.Before(NsgText.Nsg("n"), Direction.Inbound, 200, options));
        Assert.Null(FreePriority.Before(NsgText.Nsg("n"), Direction.Inbound, 121, options));
    }
}
