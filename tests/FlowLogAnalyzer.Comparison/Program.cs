using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Bench;
using FlowLogAnalyzer.Comparison;

// FlowLogAnalyzer beside what one would use instead, over the same generated logs, in turns:
//   dotnet run -c Release --project tests/FlowLogAnalyzer.Comparison -- --megabytes 1000 --rounds 5
// --data FOLDER keeps the logs there (and takes them when they are there), --only a,b runs some contestants, --rules-decide
// gives each rule one direction and decision (LogLaw.RulesDecide).
var megabytes = int.Parse(Option("--megabytes") ?? "100", CultureInfo.InvariantCulture);
var rounds = int.Parse(Option("--rounds") ?? "5", CultureInfo.InvariantCulture);
var data = Option("--data") ?? Directory.CreateTempSubdirectory("flowlog-comparison-").FullName;
var contestants = Catalogue.All.Where(c => Option("--only") is not { } only || only.Split(',').Contains(c.Name)).ToArray();
var rulesDecide = args.Contains("--rules-decide");
var logs = Path.Combine(data, string.Create(CultureInfo.InvariantCulture, $"logs-{megabytes}{(rulesDecide ? "-rules" : "")}"));
var scratch = Path.Combine(data, "out-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

if (Option("--child") is { } child)
{
    // A process of its own per run: memory and processor time are then the contestant's alone.
    var one = Catalogue.All.Single(c => c.Name == child);
    Console.WriteLine(JsonSerializer.Serialize(await Measured.RunAsync(one, Files(), scratch)));
    return 0;
}

if (!Directory.Exists(logs))
    new LogGenerator(new LogLaw { Bytes = megabytes * 1_000_000L, RulesDecide = rulesDecide }).Write(Directory.CreateDirectory(logs).FullName);
var bytes = Files().Sum(f => new FileInfo(f).Length);
var results = new List<Measured>();
for (var round = 0; round < rounds; round++)
{
    foreach (var contestant in contestants)
    {
        results.Add(Run(contestant.Name));
        await Console.Error.WriteLineAsync($"round {round + 1}: {results[^1]}");
    }
}

Console.WriteLine(Report.Markdown(contestants, results, bytes, Files().Length));
if (Option("--data") is null)
    Directory.Delete(data, recursive: true);
return 0;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

string[] Files() => [.. Directory.GetFiles(logs, "PT1H.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

Measured Run(string name)
{
    string[] arguments = [typeof(Catalogue).Assembly.Location, "--child", name, "--data", data, "--megabytes", megabytes.ToString(CultureInfo.InvariantCulture), .. rulesDecide ? ["--rules-decide"] : Array.Empty<string>()];
    using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0
        ? JsonSerializer.Deserialize<Measured>(output.Trim().Split('\n')[^1])!
        : throw new InvalidOperationException($"{name} failed: {output}");
}
