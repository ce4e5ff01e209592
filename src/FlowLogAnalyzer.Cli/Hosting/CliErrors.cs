namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>What was asked for cannot be done: the message names the thing and the next step (exit code 2).</summary>
internal sealed class CliException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The command line is wrong in a way that only the command can see (exit code 1).</summary>
internal sealed class UsageException(string message) : Exception(message);
