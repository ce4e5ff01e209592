using System.Text;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Tests.Parsing;

/// <summary>Records, rules and ACLs. The numbers are those of the list of edge cases.</summary>
public class RecordCases
{
    private const string Alphabetical = """
        {"category":"FlowLogFlowEvent","flowLogGUID":"9f2b","flowLogResourceID":"/FL","flowLogVersion":4,"flowRecords":{"flows":[{"flowGroups":[{"flowTuples":["TUPLE"],"rule":"UserRule_web"}],"aclID":"ACL"}]},"macAddress":"000D3AF87856","targetResourceID":"/vnet","time":"2026-11-20T10:05:30.1234567Z"}
        """;

    [Fact]
    public void A_plain_row_of_each_format_has_every_column()
    {
        var rows = Reading.Read(Logs.Blob(Logs.Nsg(1, Logs.V1), Logs.Nsg(2, Logs.V2), Logs.Vnet(Logs.V4))).Rows;

        Assert.Equal(["nsg-v1", "nsg-v2", "vnet-v4"], rows.Select(r => r.Format));
        Assert.All(rows, r => Assert.Equal(QualityFlags.None, r.Flags));
        Assert.All(rows, r => Assert.Equal("192.0.2.7:51000 10.0.0.4:443 6 Inbound Allow", $"{r.SrcIp}:{r.SrcPort} {r.DstIp}:{r.DstPort} {r.Protocol} {r.Direction} {r.Decision}"));
        Assert.Equal([null, "Continuing", "Continuing"], rows.Select(r => r.State));
        Assert.Equal([null, 10L, 2000L, 12L, 9000L], new[] { rows[0].PacketsSent, rows[1].PacketsSent, rows[1].BytesSent, rows[2].PacketsReceived, rows[2].BytesReceived });
        Assert.Equal([null, null, "NX"], rows.Select(r => r.Encryption));
        Assert.Equal([0, 0, 123], rows.Select(r => r.Time.Millisecond));
        Assert.Equal((Logs.NsgId, Logs.NsgId, Logs.AclId), (rows[0].AclId, rows[1].ResourceId, rows[2].AclId));
        Assert.Equal(("5c3a", "9f2b", "/FL", "/vnet"), (rows[1].SystemId, rows[2].SystemId, rows[2].ResourceId, rows[2].TargetId));
        Assert.Equal("00000000000000000000ffffc0000207", rows[0].SrcKey);
        Assert.Same(rows[0].Rule, rows[2].Rule);
    }

    [Fact]
    public void Case_21_The_version_belongs_to_the_record() =>
        Assert.Equal(["nsg-v2", "nsg-v1"], Reading.Read(Logs.Blob(Logs.Nsg(2, Logs.V2), Logs.Nsg(1, Logs.V1))).Rows.Select(r => r.Format));

    [Fact]
    public void Case_22_Records_of_equal_time_are_all_kept() =>
        Assert.Equal(2, Reading.Read(Logs.Blob(Logs.Nsg(2, Logs.V2), Logs.Nsg(2, Logs.V2With(3, "52000")))).Rows.Count);

    [Fact]
    public void Case_23_The_same_record_twice_gives_its_rows_twice() =>
        Assert.Equal([0, 1], Reading.Read(Logs.Blob(Logs.Vnet(Logs.V4), Logs.Vnet(Logs.V4))).Rows.Select(r => r.RecordIndex));

    [Fact]
    public void Case_24_Keys_may_come_in_any_order()
    {
        var usual = Reading.Read(Logs.Vnet(Logs.V4)).Single;

        Assert.Equal(usual, Reading.Read(Alphabetical.Replace("TUPLE", Logs.V4).Replace("ACL", Logs.AclId)).Single);
    }

    [Theory]
    [InlineData(Logs.V1)]
    [InlineData(Logs.V1 + ",")]
    [InlineData(Logs.V2)]
    [InlineData("1795169100,192.0.2.7,10.0.0.4,1,2,T,I,A,x,,")]
    public void Case_24_Flows_before_the_version_give_the_same_rows_and_rejections(string tuple)
    {
        foreach (var version in new[] { 1, 2 })
        {
            var before = Logs.Nsg(version, Logs.V1, tuple, Logs.V2);
            var after = before.Replace($"\"Version\":{version},", "").Replace("]}]}]}}", $"]}}]}}],\"Version\":{version}}}}}");
            Assert.NotEqual(before, after);

            Assert.Equal(Reading.Read(before).Rows, Reading.Read(after).Rows);
            Assert.Equal(Reading.Read(before).Result.Rejected, Reading.Read(after).Result.Rejected);
            Assert.Equal(Reading.Read(before).Result.Flags, Reading.Read(after).Result.Flags);
        }
    }

    [Fact]
    public void Case_25_A_missing_MAC_is_taken_from_inside_or_from_the_path()
    {
        var inner = Reading.Read(Logs.Nsg(1, Logs.V1).Replace("\"macAddress\":\"000D3AF87856\",", "")).Single;
        var path = Reading.Read(Logs.Vnet(Logs.V4).Replace("\"macAddress\":\"000D3AF87856\",", "")).Single;
        var none = Reading.Read(Logs.Vnet(Logs.V4).Replace("macAddress", "m"), new BlobReadRequest(new BlobIdentity("x"))).Single;

        Assert.Equal((Logs.Mac, QualityFlags.None), (inner.Mac, inner.Flags));
        Assert.Equal((Logs.Mac, QualityFlags.Mac), (path.Mac, path.Flags));
        Assert.Equal((null, QualityFlags.Mac | QualityFlags.Path), (none.Mac, none.Flags));
    }

    [Fact]
    public void Case_26_The_inner_MAC_wins_and_a_difference_is_flagged()
    {
        var inner = Reading.Read(Logs.Nsg(1, Logs.V1).Replace("\"mac\":\"000D3AF87856\"", "\"mac\":\"000D3AF80000\"")).Single;
        var ofRecord = Reading.Read(Logs.Vnet(Logs.V4).Replace(Logs.Mac, "000D3AF80000")).Single;

        var withoutPath = Reading.Read(
            Logs.Nsg(1, Logs.V1).Replace("\"mac\":\"000D3AF87856\"", "\"mac\":\"000D3AF80000\""), new BlobReadRequest(new BlobIdentity("x"))).Single;

        Assert.Equal(("000D3AF80000", QualityFlags.Mac), (inner.Mac, inner.Flags));
        Assert.Equal(QualityFlags.Mac | QualityFlags.Path, withoutPath.Flags);
        Assert.Equal(("000D3AF80000", QualityFlags.Mac), (ofRecord.Mac, ofRecord.Flags));
    }

    [Theory]
    [InlineData("000d3af87856")]
    [InlineData("00-0D-3A-F8-78-56")]
    [InlineData("00:0d:3a:f8:78:56")]
    public void Case_27_MACs_are_normalised(string mac)
    {
        var row = Reading.Read(Logs.Nsg(1, Logs.V1).Replace(Logs.Mac, mac)).Single;

        Assert.Equal((Logs.Mac, QualityFlags.None), (row.Mac, row.Flags));
    }

    [Theory]
    [InlineData("\"properties\":{\"Version\":2,\"flows\":[]}}")]
    [InlineData("\"properties\":{\"Version\":2,\"flows\":null}}")]
    [InlineData("\"properties\":{\"Version\":2,\"flows\":[{\"rule\":\"r\",\"flows\":[]}]}}")]
    [InlineData("\"properties\":{\"Version\":2,\"flows\":[{\"rule\":\"r\",\"flows\":null}]}}")]
    [InlineData("\"properties\":{\"Version\":2,\"flows\":[{\"rule\":\"r\",\"flows\":[{\"mac\":\"x\",\"flowTuples\":[ ]}]}]}}")]
    [InlineData("\"properties\":{\"Version\":2,\"flows\":[{\"rule\":\"r\",\"flows\":[{\"flowTuples\" : null}]}]}}")]
    public void Case_28_Empty_or_null_lists_give_no_rows_and_no_error(string rest)
    {
        var read = Reading.Read(Logs.Blob(Logs.NsgHead + rest));

        Assert.Equal((BlobOutcome.Complete, 1, 0, 0L), (read.Result.Outcome, read.Result.Records, read.Result.RecordsRejected, read.Result.TuplesSeen));
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("\"2\"")]
    [InlineData("\"2.0\"")]
    [InlineData("2e0")]
    public void Case_29_Whole_versions_in_any_notation_are_accepted(string version) =>
        Assert.Equal("nsg-v2", Reading.Read(Logs.NsgRaw(version, $"\"{Logs.V2}\"")).Single.Format);

    [Theory]
    [InlineData("3")]
    [InlineData("2.5")]
    [InlineData("null")]
    [InlineData("\"two\"")]
    [InlineData("{}")]
    public void Case_30_An_unknown_version_is_a_record_error(string version)
    {
        var read = Reading.Read(Logs.Blob(Logs.NsgRaw(version, $"\"{Logs.V2}\",\"\""), Logs.Nsg(2, Logs.V2)));

        Assert.Equal(2, read.Result.Rejected[RejectionReason.UnknownVersion]);
        Assert.Equal(1, read.Single.RecordIndex);
        var sample = Assert.Single(read.Result.Samples);
        Assert.Equal((0, null, 12L, RejectionReason.UnknownVersion), (sample.RecordIndex, sample.TupleIndex, sample.Offset, sample.Reason));
        Assert.StartsWith("{\"time\":", sample.Text);
        Assert.Equal(200, sample.Text.Length);
    }

    [Fact]
    public void Case_30_VNet_version_5_and_the_flat_preview_form_are_record_errors()
    {
        var five = Logs.Vnet(Logs.V4).Replace("\"flowLogVersion\":4", "\"flowLogVersion\":5");
        var flat = Logs.VnetHead + $"\"flowRecords\":[\"{Logs.V4}\",\"{Logs.V4}\"]}}";

        var read = Reading.Read(Logs.Blob(five, flat));

        Assert.Equal(2, read.Result.RejectedRecords[RejectionReason.UnknownVersion]);
        Assert.Equal(3, read.Result.Rejected[RejectionReason.UnknownVersion]);
    }

    [Theory]
    [InlineData("FlowLogFlowEvent")]
    [InlineData("NetworkSecurityGroupFlowEvent")]
    public void Case_31_A_shape_that_contradicts_itself_is_a_record_error(string category)
    {
        var nsg = Logs.Nsg(2, Logs.V2).Replace("NetworkSecurityGroupFlowEvent\"", "FlowLogFlowEvent\"");
        var vnet = Logs.Vnet(Logs.V4).Replace("\"FlowLogFlowEvent\",\"flowLogResourceID", "\"NetworkSecurityGroupFlowEvent\",\"flowLogResourceID");
        var both = Logs.Vnet(Logs.V4).Replace("FlowLogFlowEvent", category)[..^1] + ",\"properties\":{\"Version\":2,\"flows\":[]}}";

        var read = Reading.Read(Logs.Blob(nsg, vnet, both));

        Assert.Equal(3, read.Result.RejectedRecords[RejectionReason.ContradictoryShape]);
        Assert.Empty(read.Rows);
    }

    [Fact]
    public void Case_32_A_missing_category_is_decided_by_structure_and_flagged()
    {
        var rows = Reading.Read(Logs.Blob(Logs.Nsg(1, Logs.V1).Replace("category", "x"), Logs.Vnet(Logs.V4).Replace("category", "x"))).Rows;

        Assert.Equal([("nsg-v1", QualityFlags.Record), ("vnet-v4", QualityFlags.Record)], rows.Select(r => (r.Format, r.Flags)));
    }

    [Fact]
    public void Case_33_Extra_properties_are_skipped()
    {
        var extra = "\"x\":{\"flowTuples\":[\"1\"],\"y\":[[{\"rule\":null}],true,1e9]},\"z\":\"\\u0041\",";
        var record = Logs.Vnet(Logs.V4).Replace("\"flowRecords\"", extra + "\"flowRecords\"").Replace("\"rule\"", extra + "\"rule\"").Replace("\"flowGroups\"", extra + "\"flowGroups\"");

        Assert.Equal(Reading.Read(Logs.Vnet(Logs.V4)).Rows, Reading.Read(record).Rows);
    }

    [Theory]
    [InlineData("\"systemId\":\"5c3a\"", "\"systemId\":5")]
    [InlineData("\"systemId\":\"5c3a\"", "\"systemId\":null")]
    [InlineData("\"systemId\":\"5c3a\"", "\"systemId\":{\"a\":[]}")]
    public void Case_34_A_property_of_a_wrong_type_is_null_and_flagged(string from, string to)
    {
        var row = Reading.Read(Logs.Nsg(2, Logs.V2).Replace(from, to)).Single;

        Assert.Equal((null, QualityFlags.Record), (row.SystemId, row.Flags));
    }

    [Theory]
    [InlineData("\"flowTuples\":[", "\"flowTuples\":5,\"x\":[")]
    [InlineData("\"flowTuples\":[", "\"flowTuples\":{},\"x\":[")]
    [InlineData("\"flowTuples\":[", "\"flowTuples\":\"a,b\",\"x\":[")]
    [InlineData("\"flowGroups\":[", "\"flowGroups\":[5,")]
    [InlineData("\"flowRecords\":{", "\"flowRecords\":7,\"x\":{")]
    [InlineData("\"flowRecords\":{", "\"x\":{")]
    public void Case_34_Tuples_that_cannot_be_reached_are_a_record_error(string from, string to)
    {
        var read = Reading.Read(Logs.Blob(Logs.Vnet(Logs.V4).Replace(from, to), Logs.Vnet(Logs.V4)));

        Assert.Equal(1, read.Result.RejectedRecords[RejectionReason.TuplesUnreachable]);
        Assert.Equal(1, read.Single.RecordIndex);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"x\"")]
    [InlineData("[{}]")]
    public void Case_34_An_element_of_records_that_is_no_object_is_a_record_error(string element)
    {
        var read = Reading.Read(Logs.Blob(element, Logs.Vnet(Logs.V4)));

        Assert.Equal(1, read.Result.RejectedRecords[RejectionReason.NotAnObject]);
        Assert.Equal(1, read.Single.RecordIndex);
    }

    [Theory]
    [InlineData("2026-11-20T10:05:30Z", "10:05:30.000", false)]
    [InlineData("2026-11-20T10:05:30.1Z", "10:05:30.100", false)]
    [InlineData("2026-11-20T10:05:30.123456789012Z", "10:05:30.123", false)]
    [InlineData("2026-11-20T10:05:30.5+00:00", "10:05:30.500", false)]
    [InlineData("2026-11-20T12:05:30+02:00", "10:05:30.000", false)]
    [InlineData("2026-11-20 10:05:30", "10:05:30.000", true)]
    [InlineData("20261120:L012620622", null, true)]
    [InlineData("2026-02-30T10:05:30Z", null, true)]
    public void Case_35_Times_of_records_are_read_in_any_precision(string time, string? expected, bool flagged)
    {
        var row = Reading.Read(Logs.Vnet(Logs.V4).Replace(Logs.Time, time)).Single;

        Assert.Equal(expected, row.RecordTime?.ToString("HH:mm:ss.fff"));
        Assert.Equal(flagged ? QualityFlags.Record : QualityFlags.None, row.Flags);
    }

    [Fact]
    public void Case_36_The_last_of_a_doubled_key_wins_and_is_flagged()
    {
        var row = Reading.Read(Logs.Nsg(2, Logs.V2).Replace("\"systemId\":\"5c3a\"", "\"systemId\":\"old\",\"systemId\":\"new\"")).Single;

        Assert.Equal(("new", QualityFlags.Record), (row.SystemId, row.Flags));
    }

    [Theory]
    [InlineData("\"flowTuples\":[", "\"flowTuples\":[\"" + Logs.V2 + "\",\"\"],\"flowTuples\":[")]
    [InlineData("\"properties\":{", "\"properties\":{\"Version\":2,\"flows\":[{\"flows\":[{\"flowTuples\":[\"" + Logs.V2 + "\",\"\"]}]}]},\"properties\":{")]
    public void Case_36_Tuples_under_a_doubled_key_are_put_aside_and_counted(string from, string to)
    {
        var read = Reading.Read(Logs.Nsg(2, Logs.V2With(3, "7")).Replace(from, to));

        Assert.Equal((7, "UserRule_web", QualityFlags.Record), (read.Single.SrcPort, read.Single.Rule, read.Single.Flags));
        Assert.Equal((1L, 1L, 3L), (read.Result.Rejected[RejectionReason.SupersededByDoubledKey], read.Result.Rejected[RejectionReason.EmptyTuple], read.Result.TuplesSeen));
    }

    [Fact]
    public void Case_37_Names_in_other_casing_are_accepted()
    {
        var record = Logs.Nsg(2, Logs.V2).Replace("resourceId", "resourceid").Replace("Version", "version").Replace("flowTuples", "FLOWTUPLES").Replace("macAddress", "MacAddress");

        Assert.Equal(Reading.Read(Logs.Nsg(2, Logs.V2)).Rows, Reading.Read(record).Rows);
    }

    [Fact]
    public void Case_38_Escapes_are_undone_in_names_values_and_tuples()
    {
        var record = Logs.Nsg(2, Logs.V2, Logs.V2, Logs.V2)
            .Replace("UserRule_web", "UserRule_a\\u002Fb\\uD83D\\uDE00\\\"c")
            .Replace("\"flowTuples\"", "\"flow\\u0054uples\"");
        var index = record.IndexOf(Logs.V2, StringComparison.Ordinal) + Logs.V2.Length + 3;
        var escaped = record[..index] + record[index..].Replace(",T,I,", "\\u002cT,\\u0049,");
        Assert.NotEqual(record, escaped);

        var read = Reading.Read(escaped);

        Assert.Equal(Reading.Read(record).Rows, read.Rows);
        Assert.Equal([0, 1, 2], read.Rows.Select(r => r.TupleIndex));
        Assert.All(read.Rows, r => Assert.Equal("UserRule_a/b\U0001F600\"c", r.Rule));
    }

    [Fact]
    public void Case_39_Invalid_UTF8_is_a_row_or_record_error()
    {
        var bad = Encoding.Latin1.GetBytes(Logs.Blob(Logs.Nsg(2, Logs.V2, Logs.V2With(5, "\u00FF")), Logs.Nsg(2, Logs.V2).Replace("UserRule_web", "UserRule_\u00FF"), Logs.Nsg(2, "\\ud800,1")));

        var read = Reading.Read(bad);

        Assert.Equal((2L, 1L), (read.Result.Rejected[RejectionReason.InvalidText], read.Result.RejectedRecords[RejectionReason.InvalidRecordText]));
        Assert.Equal((byte)'"', bad[read.Result.Samples[0].Offset]);
        Assert.Equal((0, 1), (read.Result.Samples[0].RecordIndex, read.Result.Samples[0].TupleIndex));
        Assert.Equal(0, read.Single.RecordIndex);
    }

    [Theory]
    [InlineData("UserRule", true)]
    [InlineData("DefaultRule_", true)]
    [InlineData("AllowWeb", true)]
    [InlineData("UserRule_x", false)]
    [InlineData("PlatformRule", false)]
    [InlineData("unspecified", false)]
    public void Case_40_A_rule_without_prefix_or_without_name_is_flagged(string rule, bool flagged)
    {
        var row = Reading.Read(Logs.VnetRaw($"\"{Logs.V4}\"", rule)).Single;

        Assert.Equal((rule, flagged ? QualityFlags.RuleForm : QualityFlags.None), (row.Rule, row.Flags));
    }

    [Theory]
    [InlineData("UserRule_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("UserRule_block_0c5a4ea4-4bd9-4b5e-8a1c-3a4c3a3a3a3a")]
    public void Case_41_A_cut_or_decorated_rule_is_kept_as_it_is(string rule) =>
        Assert.Equal(rule, Reading.Read(Logs.VnetRaw($"\"{Logs.V4}\"", rule)).Single.Rule);

    [Theory]
    [InlineData("PlatformRule", "00000000-0000-0000-0000-000000000000")]
    [InlineData("unspecified", "unspecified")]
    [InlineData("UserRule_x", "5C3A0000-0000-0000-0000-000000000001")]
    public void Case_42_to_44_Placeholders_GUIDs_and_ARM_ids_are_kept_as_written(string rule, string acl)
    {
        var row = Reading.Read(Logs.VnetRaw($"\"{Logs.V4}\"", rule, acl)).Single;

        Assert.Equal((rule, acl, QualityFlags.None), (row.Rule, row.AclId, row.Flags));
    }

    [Fact]
    public void Case_45_The_same_ACL_may_come_in_several_entries()
    {
        var entry = $$"""{"aclID":"A","flowGroups":[{"rule":"UserRule_x","flowTuples":["{{Logs.V4}}"]},{"rule":"UserRule_y","flowTuples":["{{Logs.V4}}"]}]}""";

        var rows = Reading.Read(Logs.VnetHead + "\"flowRecords\":{\"flows\":[" + entry + "," + entry.Replace("\"A\"", "\"B\"") + "]}}").Rows;

        Assert.Equal([("A", "UserRule_x"), ("A", "UserRule_y"), ("B", "UserRule_x"), ("B", "UserRule_y")], rows.Select(r => (r.AclId, r.Rule)));
        Assert.Equal([0, 1, 2, 3], rows.Select(r => r.TupleIndex));
    }

    [Theory]
    [InlineData("UserRule_Zugriff,für,Ärzte")]
    [InlineData("UserRule_=cmd|'/c calc'!A1")]
    public void Case_46_and_96_A_rule_is_text_whatever_it_holds(string rule) =>
        Assert.Equal((rule, QualityFlags.None), (Reading.Read(Logs.VnetRaw($"\"{Logs.V4}\"", rule)).Single.Rule, Reading.Read(Logs.VnetRaw($"\"{Logs.V4}\"", rule)).Single.Flags));

    [Fact]
    public void Case_79_A_path_hour_far_from_the_records_is_flagged()
    {
        var row = Reading.Read(Logs.Vnet(Logs.V4).Replace("2026-11-20T10", "2026-11-20T12")).Single;

        Assert.Equal(QualityFlags.Path, row.Flags);
        Assert.Equal(QualityFlags.None, Reading.Read(Logs.Vnet(Logs.V4).Replace("2026-11-20T10", "2026-11-20T11")).Single.Flags);
    }

    [Fact]
    public void Case_95_The_Windows_Server_dialect_is_a_record_error()
    {
        var record = Logs.NsgRaw("\"1.0\"", $"\"{Logs.V1}\"").Replace($"\"mac\":\"{Logs.Mac}\"", "\"portId\":\"9\",\"portName\":\"p\"").Replace(Logs.Time, "20180719:L012620622");

        Assert.Equal(1, Reading.Read(record).Result.Rejected[RejectionReason.UnknownDialect]);
    }
}
