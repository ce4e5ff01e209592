using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>--tags</c>: what service tags stand for, where no export says it.</summary>
internal sealed class TagsOption
{
    private readonly Option<FileInfo[]> _tags = new("--tags")
    {
        Description = "What service tags stand for: the downloadable ServiceTags_Public_<date>.json, or a map of your own, which comes before all that is worked out.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    public void AddTo(Command command) => command.Options.Add(_tags);

    /// <exception cref="CliException">A file is not there, or is neither of the two.</exception>
    public NetworkModelOptions Read(Invocation call)
    {
        var options = new NetworkModelOptions();
        foreach (var file in call.Get(_tags) ?? [])
        {
            var root = NsgFiles.Parse(file);
            try
            {
                options = ServiceTagFile.Is(root) ? options with { TagFile = ServiceTagFile.Parse(File.ReadAllBytes(file.FullName)) } : options with { Tags = TagOverrides.Read(root) };
            }
            catch (FormatException error)
            {
                throw new CliException($"{file.FullName}: {error.Message}", error);
            }
        }

        return options;
    }
}
