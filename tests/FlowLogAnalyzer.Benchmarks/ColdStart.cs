using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>
/// The published handler from the start of its process to its first answer, to the first blob in the lake, and what
/// memory it holds then. The host asks every 25 ms; here it is every 2, so that the question does not round the answer.
/// Processor time is what a busy machine does not change.
/// </summary>
internal static class ColdStart
{
    private sealed record Start(double FirstAnswer, double Processor, double FirstIngest, double MemoryAtAnswer, double MemoryAfterIngest);

    /// <param name="args"><c>cold-start FOLDER [TIMES]</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var app = args.ElementAtOrDefault(1) ?? "artifacts/functionapp";
        var times = args.Length > 2 ? int.Parse(args[2]) : 9;
        var program = Path.GetFullPath(Path.Combine(app, "bin", "flowlog-functions"));
        if (!File.Exists(program))
        {
            await Console.Error.WriteLineAsync($"There is no {program}. Build it: dotnet build functions -t:FunctionApp -c Release");
            return 2;
        }

        var starts = new List<Start>();
        for (var i = 0; i <= times; i++)
        {
            var start = await MeasureAsync(program);
            if (i > 0) // the first one fills the file cache
                starts.Add(start);
        }

        Console.WriteLine($"{times} starts of {program}, load {(await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]}, {Environment.ProcessorCount} processors");
        Console.WriteLine("| | median | least | most |\n|---|---:|---:|---:|");
        Tell("start to first answer, ms", starts.Select(s => s.FirstAnswer));
        Tell("processor time until then, ms", starts.Select(s => s.Processor));
        Tell("first event to its answer (blob of 60 rows), ms", starts.Select(s => s.FirstIngest));
        Tell("resident memory at the first answer, MB", starts.Select(s => s.MemoryAtAnswer));
        Tell("resident memory after the first blob, MB", starts.Select(s => s.MemoryAfterIngest));
        return 0;
    }

    private static async Task<Start> MeasureAsync(string program)
    {
        var folder = Directory.CreateTempSubdirectory("flowlog-cold-");
        var blob = Path.Combine(folder.FullName, "logs", "y=2026", "m=11", "d=20", "h=09", "m=00", "macAddress=00224800000A", "PT1H.json");
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        await File.WriteAllTextAsync(blob, Log());
        var port = FreePort();
        var info = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true };
        info.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        info.Environment["FLOWLOG_LAKE"] = Path.Combine(folder.FullName, "lake");
        info.Environment["FLOWLOG_SOURCES"] = Path.Combine(folder.FullName, "logs");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(info)!;
        try
        {
            await UntilAnswerAsync(http);
            var answered = clock.Elapsed.TotalMilliseconds;
            var (memory, processor) = (Memory(process), process.TotalProcessorTime.TotalMilliseconds);
            clock.Restart();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/IngestFromQueue") { Content = new StringContent($$$"""{"Data":{"message":{"url":"{{{blob}}}"}},"Metadata":{}}""", Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Azure-Functions-InvocationId", "1");
            using var answer = await http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            return new Start(answered, processor, clock.Elapsed.TotalMilliseconds, memory, Memory(process));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static async Task UntilAnswerAsync(HttpClient http)
    {
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/", UriKind.Relative));
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(2);
            }
        }
    }

    private static double Memory(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / 1e6;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Log()
    {
        var tuples = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"{1795424400 + i},10.240.0.{i},10.241.0.7,{40000 + i},443,T,I,A,E,1,2,3,4\""));
        return $$$"""{"records":[{"time":"2026-11-23T09:01:00Z","systemId":"x","macAddress":"00224800000A","category":"NetworkSecurityGroupFlowEvent","resourceId":"/NSG","operationName":"NetworkSecurityGroupFlowEvents","properties":{"Version":2,"flows":[{"rule":"UserRule_AllowWeb","flows":[{"mac":"00224800000A","flowTuples":[{{{tuples}}}]}]}]}}]}""";
    }

    private static void Tell(string what, IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {sorted[sorted.Count / 2]:0} | {sorted[0]:0} | {sorted[^1]:0} |"));
    }
}
