using System.Text;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary><c>ingest</c> and <c>parse</c> judge every input alike, and nothing looked at is no success.</summary>
public sealed class NothingReadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Logs => _folder["logs"];

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int, string> Inputs => new()
    {
        { "nothing", 5, "No flow log was read: nothing is in" },
        { "other", 5, "its category is AuditEvent" },
        { "no records", 5, "holds no records" },
        { "text", 5, "a flow log begins with" },
        { "zeros", 4, "a flow log begins with" },
        { "cut", 4, "is cut off at byte" },
        { "cut in the first record", 4, "is cut off at byte" },
        { "damaged", 4, "is damaged: it cannot be read from byte" },
        { "nested", 4, "refused: 20 of 40 tuples: 20 x NestedRecords." },
        { "many bad tuples", 4, "and 190 more." },
        { "good", 0, "" },
        { "good and other", 0, "its category is AuditEvent" },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Both_verbs_end_with_the_same_code_and_say_why(string input, int code, string said)
    {
        Write(input);

        var ingest = await RunAsync("ingest", Logs, "--lake", _folder["lake"]);
        var again = await RunAsync("ingest", Logs, "--lake", _folder["lake"]);
        var parse = await RunAsync("parse", Logs);

        Assert.Equal((code, code), (ingest.Code, parse.Code));
        Assert.Contains(said, ingest.Error, StringComparison.Ordinal);
        Assert.Contains(said, parse.Error, StringComparison.Ordinal);
        if (code == 5)
            Assert.Equal(5, again.Code);
    }

    [Fact]
    public async Task A_source_without_a_flow_log_is_fine_where_it_is_expected()
    {
        Write("other");

        Assert.Equal(0, (await RunAsync("ingest", Logs, "--lake", _folder["lake"], "--allow-empty")).Code);
        Assert.Equal(0, (await RunAsync("parse", Logs, "--allow-empty")).Code);
    }

    [Fact]
    public async Task An_ingest_into_a_pipe_prints_what_its_help_promises()
    {
        Write("good");

        var table = await RunAsync("ingest", Logs, "--lake", _folder["lake"]);

        Assert.StartsWith("200 rows of 200 tuples are in the lake now, from 1 blob", table.Out, StringComparison.Ordinal);
    }

    private void Write(string input)
    {
        Directory.CreateDirectory(Logs);
        var records = LogBlobs.Records(1, 10);
        string[] parts = input == "good and other" ? ["good", "other"] : [input];
        foreach (var part in parts)
            _ = part switch
            {
                "other" => LogBlobs.WriteFile(Path.Combine(Logs, "a.json"), "{\"category\":\"AuditEvent\"}\n"u8.ToArray()),
                "no records" => LogBlobs.Write(Logs, 1, LogBlobs.Whole([])),
                "text" => LogBlobs.WriteFile(Path.Combine(Logs, "readme.txt"), "hello"u8.ToArray()),
                "zeros" => LogBlobs.WriteFile(Path.Combine(Logs, LogBlobs.Path(1)), new byte[500]),
                "cut" => LogBlobs.Write(Logs, 1, LogBlobs.Whole(records)[..^500]),
                "cut in the first record" => LogBlobs.Write(Logs, 1, LogBlobs.Whole(records)[..500]),
                "damaged" => LogBlobs.Write(Logs, 1, LogBlobs.Whole(records.Select((r, i) => i == 5 ? r.Replace("\"category\"", "!category", StringComparison.Ordinal) : r))),
                "nested" => LogBlobs.Write(Logs, 1, LogBlobs.Whole([records[0], LogBlobs.Whole([records[1]])])),
                "many bad tuples" => LogBlobs.Write(Logs, 1, LogBlobs.Whole(records).Replace(",443,T", ",44x,T", StringComparison.Ordinal)),
                "good" => LogBlobs.Write(Logs, 1, LogBlobs.Whole(records)),
                _ => "",
            };
    }

    private static async Task<(int Code, string Out, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var host = new CliHost
        {
            Out = output,
            Error = error,
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes("")),
            Clock = TimeProvider.System,
            Variable = _ => null,
            OutIsTerminal = false,
            ErrorIsTerminal = false,
            Width = 100,
        };
        return (await CommandLineTool.RunAsync(args, host), output.ToString(), error.ToString());
    }
}
