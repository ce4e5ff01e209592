using FlowLogAnalyzer.Lab.Scenarios;

namespace FlowLogAnalyzer.Lab;

/// <summary>All scenarios, by name.</summary>
public static class LabScenarios
{
    public static IReadOnlyList<LabScenario> All { get; } =
    [
        HealthyScenarios.Cluster,
        HealthyScenarios.Local,
        HealthyScenarios.Noisy,
        StoryScenarios.SecondHopDenied,
        StoryScenarios.ClientDenied,
        StoryScenarios.Story,
        ProbeScenarios.ProbeDenied,
        ProbeScenarios.IngressFlapping,
        ProbeScenarios.SharedProbeMask,
        ProbeScenarios.ProbeSuspect,
        ProbeScenarios.ProbeMissing,
        ServiceScenarios.ClientDeniedAtIngress,
        ServiceScenarios.SnatAllowList,
        ServiceScenarios.AppHopDenied,
        ServiceScenarios.LocalStrayPod,
        ServiceScenarios.LocalImbalance,
        AbuseScenarios.LateralMovement,
        AbuseScenarios.LocalNodeToIngress,
        AbuseScenarios.Beaconing,
        AbuseScenarios.Mixed,
    ];

    /// <summary>Null when no scenario has this name (case does not matter).</summary>
    public static LabScenario? Find(string name) => All.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
