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
        Description = $"What is normal here: pools, bastions, dependencies, thresholds, suppressions; default: {DefaultFile}, if there is one.",
        HelpName = "FILE",
    };

    public void AddTo(Command command) => command.Options.Add(_config);

    /// <exception cref="CliException">The file named is not there, or something in it is wrong.</exception>
    public FlowLogConfiguration Read(Invocation call)
    {
        var file = call.Get(_config)?.ToString();
        if (file is null && !File.Exists(DefaultFile))
            return FlowLogConfiguration.None;

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

    private static void TellExpired(FlowLogConfiguration configuration, Invocation call)
    {
        var now = call.Host.Clock.GetUtcNow().UtcDateTime;
        foreach (var old in configuration.Suppressions.Where(s => s.HasExpired(now)))
            call.Note($"The suppression of {old.Finding} ({old.Subject}) expired on {old.Expires:yyyy-MM-dd} and has no effect: {old.Reason}");
    }
}
