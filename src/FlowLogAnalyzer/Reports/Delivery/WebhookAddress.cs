namespace FlowLogAnalyzer.Reports.Delivery;

/// <summary>Whose message format a webhook takes.</summary>
public enum WebhookKind
{
    /// <summary>Slack's incoming webhooks, and those of Mattermost and others that take the same.</summary>
    Slack,

    /// <summary>Microsoft Teams: a Workflows webhook, which takes an Adaptive Card.</summary>
    Teams,
}

/// <summary>Where a message is sent. Who knows the address can write to the channel, so it is a secret and never shown.</summary>
public sealed class WebhookAddress
{
    private static readonly string[] TeamsHosts = [".webhook.office.com", ".logic.azure.com", ".api.powerplatform.com"];

    private WebhookAddress(Uri uri, WebhookKind kind)
    {
        Uri = uri;
        Kind = kind;
    }

    /// <summary>The whole address, for the request only.</summary>
    internal Uri Uri { get; }

    public WebhookKind Kind { get; }

    /// <summary>Reads an address; the kind is told by the host when it is not given.</summary>
    /// <exception cref="FormatException">It is no https address. The message does not repeat it.</exception>
    public static WebhookAddress Parse(string text, WebhookKind? kind = null)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            throw new FormatException("The address of the webhook is no URL; expected is one that begins with https://.");
        if (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            throw new FormatException($"The webhook at {uri.Host} has to be reached by https: its address is a secret.");

        var teams = TeamsHosts.Any(host => uri.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase));
        return new WebhookAddress(uri, kind ?? (teams ? WebhookKind.Teams : WebhookKind.Slack));
    }

    /// <summary>The host only.</summary>
    public override string ToString() => Uri.Host;
}
