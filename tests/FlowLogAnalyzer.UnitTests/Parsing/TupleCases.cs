using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Tests.Parsing;

/// <summary>Single tuples. The numbers are those of the list of edge cases.</summary>
public class TupleCases
{
    private static FlowRow Nsg(string tuple, int version = 2) => Reading.Read(Logs.Nsg(version, tuple)).Single;

    private static FlowRow Vnet(string tuple) => Reading.Read(Logs.Vnet(tuple)).Single;

    private static (long?, long?, long?, long?) Counters(FlowRow row) => (row.PacketsSent, row.BytesSent, row.PacketsReceived, row.BytesReceived);

    private static void Rejects(string record, RejectionReason reason)
    {
        var read = Reading.Read(record);

        Assert.Empty(read.Rows);
        Assert.Equal((reason, 1L), (Assert.Single(read.Result.Rejected).Key, read.Result.Rejected[reason]));
        Assert.Equal((0, 0), (read.Result.Samples[0].RecordIndex, read.Result.Samples[0].TupleIndex));
    }

    private static string Tail(string tuple, string tail) => string.Join(',', tuple.Split(',')[..^6]) + tail;

    [Theory]
    [InlineData(",A,B,,,,", "Allow", "Begin")]
    [InlineData(",D,B,,,,", "Deny", "Denied")]
    [InlineData(",A,B,0,0,0,0", "Allow", "Begin")]
    public void Case_47_and_48_A_begin_or_denied_NSG_tuple_is_not_counted(string tail, string decision, string state)
    {
        var row = Nsg(Tail(Logs.V2, tail));

        Assert.Equal((decision, state, QualityFlags.None), (row.Decision, row.State, row.Flags));
        Assert.Equal((null, null, null, null), Counters(row));
    }

    [Theory]
    [InlineData(",B,NX,0,0,0,0", "Allow", "Begin")]
    [InlineData(",D,NX,0,0,0,0", "Deny", "Denied")]
    [InlineData(",D,NX,,,,", "Deny", "Denied")]
    public void Case_47_and_48_A_begin_or_denied_VNet_tuple_is_not_counted(string tail, string decision, string state)
    {
        var row = Vnet(Tail(Logs.V4, tail));

        Assert.Equal((decision, state, QualityFlags.None), (row.Decision, row.State, row.Flags));
        Assert.Equal((null, null, null, null), Counters(row));
    }

    [Fact]
    public void Case_49_A_begin_with_numbers_is_kept_and_flagged()
    {
        var row = Nsg(Tail(Logs.V2, ",A,B,1,60,0,0"));

        Assert.Equal((1L, 60L, 0L, 0L), Counters(row));
        Assert.Equal(QualityFlags.CountersOnBegin, row.Flags);
    }

    [Theory]
    [InlineData("C")]
    [InlineData("E")]
    public void Case_50_An_end_with_empty_counters_is_not_counted(string state)
    {
        var row = Nsg(Tail(Logs.V2, $",A,{state},,,,"));

        Assert.Equal((null, null, null, null), Counters(row));
        Assert.Equal(QualityFlags.None, row.Flags);
    }

    [Fact]
    public void Case_51_An_end_with_zeros_counts_zero() => Assert.Equal((0L, 0L, 0L, 0L), Counters(Nsg(Tail(Logs.V2, ",A,E,0,0,0,0"))));

    [Fact]
    public void Case_52_Counters_that_are_empty_in_part_are_flagged()
    {
        var row = Vnet(Tail(Logs.V4, ",E,NX,5,,,7"));

        Assert.Equal((5L, null, null, 7L), Counters(row));
        Assert.Equal(QualityFlags.PartialCounters, row.Flags);
    }

    [Fact]
    public void Case_53_Too_few_fields_are_a_row_error()
    {
        Rejects(Logs.Nsg(1, "1795169100,192.0.2.7,10.0.0.4,51000,443,T,I"), RejectionReason.TooFewFields);
        Rejects(Logs.Nsg(2, Logs.V2[..^5]), RejectionReason.TooFewFields);
        Rejects(Logs.Vnet(Logs.V4[..^5]), RejectionReason.TooFewFields);
        Rejects(Logs.Vnet(Logs.V1), RejectionReason.TooFewFields);
    }

    [Theory]
    [InlineData(Logs.V1 + ",", 1)]
    [InlineData(Logs.V1 + ",,,,,", 1)]
    [InlineData(Logs.V2 + ",", 2)]
    [InlineData(Logs.V2 + ",,,", 2)]
    public void Case_54_Trailing_commas_are_flagged(string tuple, int version)
    {
        var row = Nsg(tuple, version);

        Assert.Equal((QualityFlags.TrailingCommas, 443), (row.Flags, row.DstPort));
        Assert.Equal(QualityFlags.TrailingCommas, Vnet(Logs.V4 + ",,").Flags);
    }

    [Theory]
    [InlineData(Logs.V1 + ",x", 1)]
    [InlineData(Logs.V2 + ",1,new", 2)]
    public void Case_55_Further_fields_are_flagged(string tuple, int version)
    {
        var row = Nsg(tuple, version);

        Assert.Equal((QualityFlags.ExtraFields, "Allow"), (row.Flags, row.Decision));
        Assert.Equal((QualityFlags.ExtraFields, 10L), (Vnet(Logs.V4 + ",,z").Flags, Vnet(Logs.V4 + ",,z").PacketsSent));
    }

    [Fact]
    public void Case_56_A_tuple_of_the_other_NSG_version_is_read_by_its_count_and_flagged()
    {
        var old = Nsg(Logs.V1, 2);
        var young = Nsg(Logs.V2, 1);

        Assert.Equal((null, null, QualityFlags.FieldCount), (old.State, old.PacketsSent, old.Flags));
        Assert.Equal(("Continuing", 10L, QualityFlags.FieldCount), (young.State, young.PacketsSent, young.Flags));
    }

    [Theory]
    [InlineData("\"\"", RejectionReason.EmptyTuple)]
    [InlineData("\"  \"", RejectionReason.EmptyTuple)]
    [InlineData("null", RejectionReason.NotAString)]
    [InlineData("12", RejectionReason.NotAString)]
    [InlineData("{\"a\":[\"x\"]}", RejectionReason.NotAString)]
    [InlineData("[\"x\"]", RejectionReason.NotAString)]
    public void Case_57_An_empty_tuple_or_one_that_is_no_string_is_a_row_error(string element, RejectionReason reason)
    {
        foreach (var elements in new[] { $"{element},\"{Logs.V4}\"", $"\"{Logs.V4}\" , {element}", $"\"{Logs.V4}\",{element},\"{Logs.V4}\"" })
        {
            var read = Reading.Read(Logs.VnetRaw(elements));

            Assert.Equal(1, read.Result.Rejected[reason]);
            Assert.NotEmpty(read.Rows);
            Assert.Equal(read.Result.TuplesSeen - 1, read.Rows.Count);
        }
    }

    [Fact]
    public void Case_58_Spaces_round_fields_are_trimmed_and_flagged()
    {
        var row = Vnet(" " + Logs.V4.Replace(",", " , ") + " ");

        Assert.Equal(Vnet(Logs.V4) with { Flags = QualityFlags.Spaces }, row);
    }

    [Theory]
    [InlineData("1", 1, null)]
    [InlineData("58", 58, null)]
    [InlineData("255", 255, null)]
    [InlineData("256", null, "protocol=256")]
    [InlineData("T", 6, "protocol=T")]
    [InlineData("Q", null, "protocol=Q")]
    [InlineData("", null, "protocol=")]
    public void Case_59_Protocols_of_VNet_logs_are_numbers(string text, int? number, string? other)
    {
        var row = Vnet(Logs.V4With(5, text));

        Assert.Equal(((short?)number, other, other is null ? QualityFlags.None : QualityFlags.UnknownCode), (row.Protocol, row.Other, row.Flags));
    }

    [Theory]
    [InlineData("U", 17, null)]
    [InlineData("I", 1, "protocol=I")]
    [InlineData("6", 6, "protocol=6")]
    [InlineData("X", null, "protocol=X")]
    public void Case_59_Protocols_of_NSG_logs_are_letters(string text, int? number, string? other)
    {
        var row = Nsg(Logs.V2With(5, text));

        Assert.Equal(((short?)number, other, other is null ? QualityFlags.None : QualityFlags.UnknownCode), (row.Protocol, row.Other, row.Flags));
    }

    [Fact]
    public void Case_60_Unknown_codes_are_kept_as_text_and_never_mapped_to_a_default()
    {
        var nsg = Nsg("1795169100,192.0.2.7,10.0.0.4,1,2,T,X,Y,Z,1,2,3,4");
        var vnet = Vnet("1795169100000,192.0.2.7,10.0.0.4,1,2,6,I,Q,NX_NEW,1,2,3,4");

        Assert.Equal((null, null, null, "direction=X;decision=Y;state=Z"), (nsg.Direction, nsg.Decision, nsg.State, nsg.Other));
        Assert.Equal((null, null, "NX_NEW", "state=Q;encryption=NX_NEW"), (vnet.Decision, vnet.State, vnet.Encryption, vnet.Other));
        Assert.Equal((QualityFlags.UnknownCode, QualityFlags.UnknownCode), (nsg.Flags, vnet.Flags));
        Assert.Equal((1L, 2L, 3L, 4L), Counters(vnet));
    }

    [Theory]
    [InlineData("X")]
    [InlineData("NX_HW_NOT_SUPPORTED")]
    [InlineData("NX_LOCAL_DST")]
    public void Documented_encryption_values_are_not_flagged(string text) =>
        Assert.Equal((text, QualityFlags.None), (Vnet(Logs.V4With(8, text)).Encryption, Vnet(Logs.V4With(8, text)).Flags));

    [Fact]
    public void A_denied_tuple_that_continues_is_still_denied_and_says_so()
    {
        var row = Nsg(Tail(Logs.V2, ",D,C,1,2,3,4"));

        Assert.Equal(("Deny", "Denied", "state=C"), (row.Decision, row.State, row.Other));
        Assert.Equal(QualityFlags.UnknownCode | QualityFlags.CountersOnBegin, row.Flags);
    }

    [Fact]
    public void Case_61_Lower_case_letters_are_accepted_and_flagged()
    {
        Assert.Equal(Nsg(Logs.V2) with { Flags = QualityFlags.LowerCase }, Nsg(Logs.V2.ToLowerInvariant()));
        Assert.Equal(Vnet(Logs.V4) with { Flags = QualityFlags.LowerCase }, Vnet(Logs.V4.ToLowerInvariant()));
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::1", false)]
    [InlineData("2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1", false)]
    [InlineData("[2001:db8::1]", "2001:db8::1", true)]
    [InlineData("fe80::1%eth0", "fe80::1", true)]
    [InlineData("[fe80::1%4]", "fe80::1", true)]
    [InlineData("::ffff:10.0.0.1", "::ffff:10.0.0.1", false)]
    public void Case_62_and_63_IPv6_is_read_in_every_spelling(string text, string canonical, bool flagged)
    {
        var row = Vnet(Logs.V4With(1, text));

        Assert.Equal((canonical, flagged ? QualityFlags.AddressForm : QualityFlags.None), (row.SrcIp, row.Flags));
    }

    [Theory]
    [InlineData("192.0.02.7")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.")]
    [InlineData("1.2.3.1000")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("::1/64")]
    [InlineData("[::1]:80")]
    [InlineData("::ffff:010.0.0.1")]
    [InlineData("1:2")]
    [InlineData("host")]
    [InlineData("")]
    public void Case_64_What_is_no_plain_address_is_a_row_error(string text)
    {
        Rejects(Logs.Vnet(Logs.V4With(2, text)), RejectionReason.BadAddress);
        Rejects(Logs.Nsg(2, Logs.V2With(1, text)), RejectionReason.BadAddress);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("0", 0)]
    [InlineData("65535", 65535)]
    public void Case_65_Ports_may_be_empty_or_zero(string text, int? port) =>
        Assert.Equal((port, QualityFlags.None), (Nsg(Logs.V2With(3, text)).SrcPort, Nsg(Logs.V2With(3, text)).Flags));

    [Theory]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("http")]
    [InlineData("99999999999999999999")]
    public void Case_65_Other_ports_are_a_row_error(string text) => Rejects(Logs.Nsg(2, Logs.V2With(4, text)), RejectionReason.BadPort);

    [Fact]
    public void Case_66_The_unit_of_the_time_is_told_by_its_size()
    {
        var seconds = Vnet(Logs.V4With(0, "1795169100"));
        var milliseconds = Nsg(Logs.V2With(0, "1795169100123"));

        Assert.Equal((new DateTime(2026, 11, 20, 10, 5, 0), QualityFlags.TimeUnit), (seconds.Time, seconds.Flags));
        Assert.Equal((123, QualityFlags.TimeUnit), (milliseconds.Time.Millisecond, milliseconds.Flags));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1595169100")]
    [InlineData("1795082729")]
    public void Case_67_Times_far_from_the_record_are_kept_and_flagged_and_do_not_choose_the_date(string text)
    {
        var row = Nsg(Logs.V2With(0, text));

        Assert.Equal((QualityFlags.TimeRange, new DateOnly(2026, 11, 20)), (row.Flags, row.EventDate));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(long.Parse(text)), row.Time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1795169100.5")]
    [InlineData("253402300800000")]
    [InlineData("99999999999999999999")]
    public void Case_67_Times_that_are_no_times_are_a_row_error(string text) => Rejects(Logs.Vnet(Logs.V4With(0, text)), RejectionReason.BadTime);

    [Fact]
    public void Case_68_and_69_Times_of_the_hour_before_and_out_of_order_are_plain()
    {
        var rows = Reading.Read(Logs.Nsg(2, Logs.V2, Logs.V2With(0, "1795168000"), Logs.V2)).Rows;

        Assert.Equal([1795169100L, 1795168000L, 1795169100L], rows.Select(r => new DateTimeOffset(r.Time).ToUnixTimeSeconds()));
        Assert.All(rows, r => Assert.Equal(QualityFlags.None, r.Flags));
    }

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("9223372036854775807")]
    public void Case_70_Counters_are_exact_to_64_bits(string text) => Assert.Equal(long.Parse(text), Nsg(Logs.V2With(10, text)).BytesSent);

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("1.5")]
    [InlineData("12e-1")]
    [InlineData("1e19")]
    [InlineData("1e-30")]
    [InlineData("1e")]
    [InlineData("e5")]
    [InlineData(".")]
    public void Case_71_and_72_Counters_that_are_no_whole_number_are_a_row_error(string text) =>
        Rejects(Logs.Nsg(2, Logs.V2With(10, text)), RejectionReason.BadCounter);

    [Theory]
    [InlineData("1.2E+5", 120000)]
    [InlineData("120e-1", 12)]
    [InlineData("12.0", 12)]
    [InlineData("0.0e9", 0)]
    [InlineData("9.223372036854775807E18", long.MaxValue)]
    public void Case_72_Counters_in_other_notation_are_accepted_when_whole(string text, long value)
    {
        var row = Nsg(Logs.V2With(10, text));

        Assert.Equal((value, QualityFlags.CounterForm), (row.BytesSent, row.Flags));
    }

    [Fact]
    public void Case_73_Equal_tuples_are_all_kept() => Assert.Equal(3, Reading.Read(Logs.Nsg(2, Logs.V2, Logs.V2, Logs.V2)).Rows.Count);

    [Theory]
    [InlineData("E", "B", true)]
    [InlineData("B", "E", true)]
    [InlineData("C", "E", false)]
    public void Case_74_An_end_beside_a_begin_in_one_millisecond_is_a_flow_created_anew(string first, string second, bool flagged)
    {
        string[] tuples = [Logs.V4With(7, first), Logs.V4With(7, second)];
        var rows = Reading.Read(Logs.Vnet([.. tuples.Select(t => t.Replace(",B,NX,10,2000,12,9000", ",B,NX,0,0,0,0"))])).Rows;

        Assert.Equal(2, rows.Count);
        Assert.All(rows, r => Assert.Equal(flagged ? QualityFlags.Recreated : QualityFlags.None, r.Flags));
    }

    [Theory]
    [InlineData(0, "1795169100124")]
    [InlineData(1, "192.0.2.8")]
    [InlineData(3, "51001")]
    [InlineData(6, "O")]
    public void Case_74_Another_flow_or_millisecond_is_not_the_flow_created_anew(int field, string value)
    {
        var begin = Tail(Logs.V4, ",B,NX,0,0,0,0");
        var fields = begin.Split(',');
        fields[field] = value;

        Assert.All(Reading.Read(Logs.Vnet(Logs.V4With(7, "E"), string.Join(',', fields))).Rows, r => Assert.Equal(QualityFlags.None, r.Flags));
    }

    [Theory]
    [InlineData("E")]
    [InlineData("C")]
    [InlineData("B")]
    public void Case_75_Each_state_may_stand_alone(string state) => Assert.NotNull(Vnet(Tail(Logs.V4, $",{state},NX,0,0,0,0")).State);

    [Fact]
    public void Case_94_Public_ranges_inside_a_VNet_are_addresses_like_others() => Assert.Equal("20.0.0.4", Vnet(Logs.V4With(1, "20.0.0.4")).SrcIp);

    [Fact]
    public void Rejections_are_all_counted_and_sampled_up_to_the_limit()
    {
        var read = Reading.Read(Logs.Nsg(2, [.. Enumerable.Repeat("x" + Logs.V2, 7)]), Reading.Request with { MaxRejectionSamples = 3 });

        Assert.Equal((7L, 3), (read.Result.Rejected[RejectionReason.BadTime], read.Result.Samples.Count));
        Assert.Equal("x" + Logs.V2, read.Result.Samples[2].Text);
    }
}
