using System.Text;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Query;

/// <summary>How a lake is opened, by every host alike: what is normal there, and how much of the machine a question may take.</summary>
public sealed record LakeSettings
{
    /// <summary>Below the lake's root.</summary>
    public const string ConfigurationFile = "flowlog.json";

    /// <summary>What is normal in this cluster; null = what the flowlog.json in the lake says, if there is one.</summary>
    public FlowLogConfiguration? Configuration { get; init; }

    /// <summary>How much memory, and which engine; null = the library's own measure.</summary>
    public Func<LakeDatabaseOptions, LakeDatabaseOptions>? Engine { get; init; }

    /// <summary>Tells which suppressions have expired, and how old the inventory is.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <exception cref="ConfigurationException">Something in the file is wrong: no answer is better than one with other thresholds.</exception>
    internal async ValueTask<FlowLogConfiguration> ConfigurationOfAsync(FlowLake lake, CancellationToken ct)
    {
        if (Configuration is not null)
            return Configuration;

        return await lake.Store.ReadAllAsync(ConfigurationFile, ct) is { } content
            ? ConfigurationReader.Read(Encoding.UTF8.GetString(content), $"{lake.Location}/{ConfigurationFile}")
            : FlowLogConfiguration.None;
    }
}
