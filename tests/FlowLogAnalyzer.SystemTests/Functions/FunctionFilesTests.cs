using System.Text.Json;
using FlowLogAnalyzer.Functions.Handlers;
using FlowLogAnalyzer.Functions.Hosting;
using FlowLogAnalyzer.Tests.Docs;

namespace FlowLogAnalyzer.Tests.Functions;

/// <summary>What the host reads, and what the handler answers to, are the same functions.</summary>
public class FunctionFilesTests
{
    private static readonly Dictionary<string, List<JsonElement>> Bindings = Directory.GetFiles(RepositoryFiles.Path("functions"), "function.json", SearchOption.AllDirectories)
        .Where(f => Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(f)))! == "functions")
        .ToDictionary(f => Path.GetFileName(Path.GetDirectoryName(f))!, f => JsonDocument.Parse(File.ReadAllText(f)).RootElement.GetProperty("bindings").EnumerateArray().ToList(), StringComparer.Ordinal);

    [Fact]
    public void Every_function_has_a_folder_and_every_folder_a_function()
    {
        Assert.Equal(FunctionTable.Invoked.Keys.Concat(FunctionTable.Forwarded.Keys).Order(StringComparer.Ordinal), Bindings.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_functions_of_http_in_and_out_are_forwarded_and_at_the_route_of_their_file()
    {
        foreach (var (name, bindings) in Bindings)
        {
            var isHttp = bindings.Select(b => Text(b, "type")).Order(StringComparer.Ordinal).SequenceEqual(["http", "httpTrigger"]);
            Assert.Equal(isHttp, FunctionTable.Forwarded.ContainsKey(name));
            if (!isHttp)
                continue;

            var trigger = bindings.Single(b => Text(b, "type") == "httpTrigger");
            Assert.Equal(FunctionTable.Forwarded[name].Route, Text(trigger, "route"));
            Assert.Equal(FunctionTable.Forwarded[name].Methods, trigger.GetProperty("methods").EnumerateArray().Select(m => m.GetString()!.ToUpperInvariant()));
            Assert.Equal("function", Text(trigger, "authLevel"));
        }
    }

    [Fact]
    public void Nothing_is_triggered_by_blobs_since_the_host_would_send_their_whole_content_each_minute()
    {
        Assert.DoesNotContain(Bindings.Values.SelectMany(b => b), b => Text(b, "type")!.Contains("blob", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(9, Bindings.Count);
    }

    [Fact]
    public void Settings_that_function_files_name_are_in_the_sample()
    {
        var sample = JsonDocument.Parse(RepositoryFiles.Read("functions/local.settings.sample.json")).RootElement.GetProperty("Values").EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var named = Bindings.Values.SelectMany(b => b).SelectMany(b => b.EnumerateObject()).Where(p => p.Value.ValueKind == JsonValueKind.String)
            .SelectMany(p => p.Name == "connection" ? [p.Value.GetString()!] : p.Value.GetString()! is ['%', .., '%'] s ? [s.Trim('%')] : Array.Empty<string>());

        Assert.Empty(named.Except(sample));
    }

    [Fact]
    public void The_deadline_is_a_minute_before_the_hosts()
    {
        var settings = HandlerSettings.Read(Setting, RepositoryFiles.Read("host.json"));

        Assert.Equal(TimeSpan.FromMinutes(9), settings.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(30), HandlerSettings.Read(Setting, """{"functionTimeout":"00:01:00"}""").Deadline);
        Assert.Contains("functionTimeout", Assert.Throws<InvalidDataException>(() => HandlerSettings.Read(Setting, "{}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_is_missing_or_wrong_is_named()
    {
        Assert.Contains("FLOWLOG_LAKE", Assert.Throws<InvalidDataException>(() => HandlerSettings.Read(_ => null, RepositoryFiles.Read("host.json"))).Message, StringComparison.Ordinal);
        Assert.Contains("FLOWLOG_SWEEP_HOURS", Assert.Throws<InvalidDataException>(() => HandlerSettings.Read(n => n == "FLOWLOG_SWEEP_HOURS" ? "many" : Setting(n), RepositoryFiles.Read("host.json"))).Message, StringComparison.Ordinal);
    }

    private static string? Setting(string name) => name switch { "FLOWLOG_LAKE" => "/lake", "FLOWLOG_SOURCES" => "/logs", _ => null };

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
