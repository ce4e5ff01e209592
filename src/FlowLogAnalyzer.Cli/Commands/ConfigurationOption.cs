using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>--config</c>: flowlog.json.</summary>
internal sealed class ConfigurationOption
{
    public const string DefaultFile = "./flowlog.json";

    private readonly Option<FileInfo?> _config = new("--config")
    {
        Description = $"What is normal here: pools, bastions, dependencies, thresholds, suppressions; default: {DefaultFile} if there is one, else the flowlog.json in the lake.",
        HelpName = "FILE",
    };

    public void AddTo(Command command) => command.Options.Add(_config);

    /// <exception cref="CliException">The file named is not there, or something in it is wrong.</exception>
    /// <returns>Null when no file is named and none lies in the current folder: then the lake's own holds.</returns>
    public FlowLogConfiguration? Read(Invocation call)
    {
        var file = call.Get(_config)?.ToString();
        if (file is null && !File.Exists(DefaultFile))
            return null;

        file ??= DefaultFile;
        if (!File.Exists(file))
            throw new CliException($"There is no file {file}. --config takes a file like the one in docs/configuration.md.");

        try
        {
            var configuration = ConfigurationReader.Read(File.ReadAllText(file), file);
            TellExpired(configuration, call);
            return configuration;
        }
        catch (ConfigurationException e)
        {
            throw new CliException(e.Message, e);
        }
    }

    /// <summary>Says which suppressions no longer hold.</summary>
    public static void TellExpired(FlowLogConfiguration configuration, Invocation call)
    {
        var now = call.Host.Clock.GetUtcNow().UtcDateTime;
        foreach (var old in configuration.Suppressions.Where(s => s.HasExpired(now)))
            call.Note($"The suppression of {old.Finding} ({old.Subject}) expired on {old.Expires:yyyy-MM-dd} and has no effect: {old.Reason}");
    }
}
