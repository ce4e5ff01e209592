using System.Text.Json;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

public sealed class TableFeatureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("delta.appendOnly", "true", "appendOnly")]
    [InlineData("delta.appendOnly", "false", null)]
    [InlineData("delta.constraints.ports", "dst_port > 0", "checkConstraints")]
    [InlineData("delta.enableChangeDataFeed", "TRUE", "changeDataFeed")]
    [InlineData("delta.columnMapping.mode", "name", "columnMapping")]
    [InlineData("delta.columnMapping.mode", "none", null)]
    [InlineData("delta.enableDeletionVectors", "true", "deletionVectors")]
    [InlineData("delta.enableRowTracking", "true", "rowTracking")]
    [InlineData("delta.checkpointPolicy", "v2", "v2Checkpoint")]
    [InlineData("delta.checkpointPolicy", "classic", null)]
    [InlineData("delta.enableInCommitTimestamps", "true", "inCommitTimestamp")]
    [InlineData("delta.enableTypeWidening", "true", "typeWidening")]
    [InlineData("delta.enableIcebergCompatV1", "true", "icebergCompatV1")]
    [InlineData("delta.enableIcebergCompatV2", "true", "icebergCompatV2")]
    [InlineData("delta.logRetentionDuration", "interval 7 days", null)]
    [InlineData("somebody's", "true", null)]
    public void A_property_makes_its_feature_active(string property, string value, string? feature) =>
        Assert.Equal(feature is null ? [] : [feature], Active(Field("a", "string"), (property, value)));

    [Theory]
    [InlineData("""{"name":"a","type":"string","nullable":false,"metadata":{}}""", "invariants")]
    [InlineData("""{"name":"a","type":{"type":"struct","fields":[{"name":"b","type":"long","nullable":false,"metadata":{}}]},"nullable":true,"metadata":{}}""", "invariants")]
    [InlineData("""{"name":"a","type":{"type":"array","elementType":{"type":"struct","fields":[{"name":"b","type":"timestamp_ntz","nullable":true,"metadata":{}}]},"containsNull":true},"nullable":true,"metadata":{}}""", "timestampNtz")]
    [InlineData("""{"name":"a","type":"long","nullable":true,"metadata":{"delta.invariants":"{}"}}""", "invariants")]
    [InlineData("""{"name":"a","type":"long","nullable":true,"metadata":{"delta.generationExpression":"1"}}""", "generatedColumns")]
    [InlineData("""{"name":"a","type":"long","nullable":true,"metadata":{"CURRENT_DEFAULT":"1"}}""", "allowColumnDefaults")]
    [InlineData("""{"name":"a","type":"long","nullable":true,"metadata":{"delta.identity.start":1}}""", "identityColumns")]
    [InlineData("""{"name":"a","type":"variant","nullable":true,"metadata":{}}""", "variantType")]
    [InlineData("""{"name":"a","type":"long","nullable":true,"metadata":{"comment":"nothing"}}""", null)]
    public void A_column_makes_its_feature_active(string field, string? feature) => Assert.Equal(feature is null ? [] : [feature], Active(field));

    [Theory]
    [InlineData(1, 1, "", "", true, true)]
    [InlineData(1, 7, "", "domainMetadata,invariants,changeDataFeed,checkConstraints,generatedColumns,allowColumnDefaults,inCommitTimestamp,identityColumns", true, true)]
    [InlineData(1, 6, "", "", true, true)]
    [InlineData(2, 7, "", "columnMapping", true, true)] // no column is mapped
    [InlineData(1, 7, "", "rowTracking", true, false)]
    [InlineData(1, 7, "", "clustering", true, false)]
    [InlineData(1, 7, "", "somethingNew", true, false)]
    [InlineData(1, 8, "", "", true, false)]
    [InlineData(3, 7, "vacuumProtocolCheck", "vacuumProtocolCheck", true, true)]
    [InlineData(3, 7, "timestampNtz", "timestampNtz", true, true)]
    [InlineData(3, 7, "deletionVectors", "deletionVectors", false, false)]
    [InlineData(3, 7, "v2Checkpoint", "v2Checkpoint", false, false)]
    [InlineData(3, 7, "typeWidening", "typeWidening", false, false)]
    [InlineData(3, 7, "somethingNew", "somethingNew", false, false)]
    [InlineData(4, 7, "", "", false, false)]
    public void Reading_asks_for_reader_features_and_writing_for_those_that_ask_something(int reader, int writer, string readers, string writers, bool readable, bool writable)
    {
        var snapshot = DeltaSnapshot.None with
        {
            Protocol = new DeltaProtocol(reader, writer, Names(readers), Names(writers)),
            Metadata = Metadata(Field("a", "string")),
        };

        Assert.Equal(readable, Record.Exception(() => TableAccess.CheckReadable("t", snapshot)) is null);
        Assert.Equal(writable, Record.Exception(() => TableAccess.CheckWritable("t", snapshot, removes: true)) is null);
    }

    [Fact]
    public async Task A_table_whose_protocol_lacks_an_active_feature_is_not_written()
    {
        var log = new DeltaLog(new FolderLakeStore(_folder.Path), "t", TimeProvider.System);
        var untrue = new DeltaProtocol(1, 7, [], ["domainMetadata"]);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => log.CreateAsync(untrue, new DeltaMetadata("1", DeltaSchema.Write(FlowColumns.All), [], 0), default).AsTask());

        Assert.Contains("'invariants', although the column event_date is not nullable", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Every_table_lists_what_is_active_and_names_the_columns_that_have_statistics_in_every_file()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 3; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}"), 100, seed: i));
        await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = new DateOnly(2100, 1, 1) });
        await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob("B9"), 100, seed: 9));
        foreach (var (name, columns) in new (string, IReadOnlyList<Column>)[] { ("inventory", InventoryStore.Columns), ("plain", [new("a", ColumnType.String, true, "")]) })
            await lake.Table(name, columns).AppendAsync([[.. columns.Select(Cell)]]);

        string[] tables = [.. Directory.GetDirectories(_folder.Path, "_delta_log", SearchOption.AllDirectories).Select(d => Path.GetRelativePath(_folder.Path, Path.GetDirectoryName(d)!)).Order()];
        Assert.Equal(["inventory", "plain", "tuples"], tables);
        foreach (var table in tables)
        {
            var snapshot = await new DeltaLog(lake.Store, table, TimeProvider.System).LoadAsync(default);
            Assert.Empty(TableFeatures.Missing(snapshot.Protocol!, snapshot.Metadata!));
            var named = snapshot.Metadata!.Configuration.TryGetValue(TableUpgrade.StatisticsColumns, out var columns) ? columns.Split(',') : [];
            Assert.Equal(named.Length == 0, snapshot.Metadata.Configuration.GetValueOrDefault("delta.dataSkippingNumIndexedCols") == "0");
            Assert.NotEmpty(snapshot.Files);
            Assert.All(snapshot.Files.Values, file => Assert.Equal(named.Order(), Counted(file).Order()));
        }
    }

    private static IEnumerable<string> Counted(AddFile file)
    {
        using var stats = JsonDocument.Parse(file.Stats!);
        return [.. stats.RootElement.GetProperty("nullCount").EnumerateObject().Select(p => p.Name)];
    }

    private static object? Cell(Column column) => column.Type switch
    {
        ColumnType.String => "x",
        ColumnType.Timestamp => DateTime.UnixEpoch,
        ColumnType.Long => 1L,
        ColumnType.Integer => 1,
        ColumnType.Boolean => true,
        _ => null,
    };

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Active(string field, params (string Key, string Value)[] properties) =>
        TableFeatures.Active(Metadata(field, properties)).Select(a => a.Name);

    private static DeltaMetadata Metadata(string field, params (string Key, string Value)[] properties) =>
        new("1", $$"""{"type":"struct","fields":[{{field}}]}""", [], 0) { Configuration = properties.ToDictionary(p => p.Key, p => p.Value) };

    private static string Field(string name, string type) => $$$"""{"name":"{{{name}}}","type":"{{{type}}}","nullable":true,"metadata":{}}""";
}
