namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>Turns what can go wrong in a verb into an exit code and a sentence on standard error.</summary>
internal static class Guard
{
    public static async Task<int> RunAsync(Invocation call, Func<Invocation, CancellationToken, Task<int>> run, CancellationToken ct)
    {
        try
        {
            var code = await run(call, ct);
            await call.Host.Out.FlushAsync(CancellationToken.None); // what was done is told, also after a stop
            return code;
        }
        catch (Exception e) when (IsCancellation(e, ct))
        {
            call.Note("Cancelled. Everything committed so far is kept; run the same command again to go on.");
            return ExitCode.Cancelled;
        }
        catch (Exception e) when (IsClosedPipe(e))
        {
            return ExitCode.Fine; // `flowlog query ... | head` has read what it wanted
        }
        catch (UsageException e)
        {
            call.Fail(e.Message);
            return ExitCode.Usage;
        }
#pragma warning disable CA1031 // The outermost frame: whatever is wrong, the user gets a sentence and a code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            call.Fail(Sentence(e));
            if (call.Host.Variable("FLOWLOG_DEBUG") == "1")
                call.Host.Error.WriteLine(e);
            else if (e is not CliException)
                call.Note("Set FLOWLOG_DEBUG=1 to see where it happened.");
            return ExitCode.Failed;
        }
    }

    private static bool IsCancellation(Exception e, CancellationToken ct) =>
        ct.IsCancellationRequested && (e is OperationCanceledException || e is AggregateException a && a.InnerExceptions.Any(i => i is OperationCanceledException));

    // The only writes without a path are those to standard output; EPIPE has no type of its own in .NET.
    private static bool IsClosedPipe(Exception e) =>
        e is IOException && (e.Message.Contains("Broken pipe", StringComparison.Ordinal) || e.Message.Contains("pipe is being closed", StringComparison.Ordinal));

    private static string Sentence(Exception e) => e switch
    {
        CliException => e.Message,
        IOException when e.Message.Contains("Too many open files", StringComparison.Ordinal) => $"{e.Message.TrimEnd('.')}. Raise the limit, for example with: ulimit -n 4096",
        UnauthorizedAccessException => $"{e.Message.TrimEnd('.')}. Check the rights on it and run the command again.",
        DirectoryNotFoundException or FileNotFoundException => $"{e.Message.TrimEnd('.')}. Check the path.",
        _ => e.Message,
    };
}
