using FlowLogAnalyzer.Parsing;
namespace FlowLogAnalyzer.Tests.Parsing;
public class SmokeTests
{
    [Fact]
    public void Dump()
    {
        foreach (var f in SampleFiles.Collected)
        {
            var r = Reading.Read(File.ReadAllBytes(f), new BlobReadRequest(FlowLogAnalyzer.Blobs.FlowLogPath.Parse(f)));
            TestContext.Current.TestOutputHelper!.WriteLine($"{Path.GetFileName(f)} {r.Result.Outcome} rec={r.Result.Records}/{r.Result.RecordsRejected} tup={r.Result.TuplesSeen} rows={r.Result.Rows} {string.Join(',', r.Result.Rejected)} flags={string.Join(',', r.Result.Flags)} {r.Result.Message}");
        }
    }
}
