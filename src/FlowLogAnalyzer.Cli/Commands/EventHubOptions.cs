using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Triggers.Events;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>Which event hub, and how it is reached.</summary>
internal sealed class EventHubOptions
{
    private readonly Option<string?> _hub;

    private readonly Option<string?> _connectionString = new("--eventhub-connection-string")
    {
        Description = $"With a key for the event hub; default: {EventHubAccess.ConnectionStringVariable}, or a token (az login, managed identity).",
        HelpName = "TEXT",
    };

    /// <param name="name">Of the option that names the hub.</param>
    /// <param name="description">What the hub is for.</param>
    public EventHubOptions(string name, string description) => _hub = new(name) { Description = description, HelpName = "NAMESPACE/HUB" };

    public void AddTo(Command command)
    {
        command.Options.Add(_hub);
        command.Options.Add(_connectionString);
    }

    /// <summary>Null when no hub is named.</summary>
    /// <exception cref="UsageException">It is no name of a hub.</exception>
    public EventHubAddress? Address(Invocation call)
    {
        try
        {
            return call.Get(_hub) is { } text ? EventHubAddress.Parse(text) : null;
        }
        catch (FormatException e)
        {
            throw new UsageException($"{_hub.Name}: {e.Message}");
        }
    }

    public EventHubAccess Access(Invocation call)
    {
        var access = new EventHubAccess { OnNote = call.Note };
        return call.Get(_connectionString) is { } text ? access with { ConnectionString = text } : access;
    }

    /// <summary>Opens a port; a connection string that does not fit is a sentence and not a stack.</summary>
    public static T Open<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (ArgumentException e)
        {
            throw new CliException(e.Message.Split(" (Parameter", 2)[0], e);
        }
    }
}
