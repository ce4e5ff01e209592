using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Erasure;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog lake erase</c>: an address, and with it a person, leaves the lake.</summary>
internal static class LakeEraseCommand
{
    private static readonly Argument<string> Address = new("ADDRESS") { Description = "One IPv4 or IPv6 address." };

    private static readonly Option<bool> Yes = new("--yes") { Description = "Erases it. Without this the command only says what there is of it." };

    public static Verb Create(CliHost host)
    {
        var verb = new Verb("erase", "Takes an address out of the lake: tuples, positions, inventory and every other table, files of earlier versions included. Says what there is of it first.",
            new("flowlog lake erase 10.10.4.4", "What there is of the address; nothing is changed."),
            new("flowlog lake erase 10.10.4.4 --yes", "Erases it for good; the logs that it was read from are yours to look after."));
        verb.Arguments.Add(Address);
        verb.Options.Add(Yes);
        return verb.Does(host, async (call, ct) =>
        {
            if (!IpAddressKey.TryParse(call.Get(Address), out var address))
                throw new UsageException($"'{call.Get(Address)}' is not an IPv4 or IPv6 address.");
            var erasure = new LakeErasure(await call.OpenLakeAsync(ct), call.Host.Clock);
            var isReal = call.Get(Yes);
            var found = isReal ? await erasure.RunAsync(address, ct) : await erasure.FindAsync(address, ct);
            await call.WriteAsync(ResultSet.Of(["what", "count"],
            [
                ["tuples", found.Rows], ["data files", found.Files], ["reading positions", found.Positions],
                .. found.TableRows.Select(t => (IReadOnlyList<object?>)[$"rows of {t.Key}", t.Value]),
                ["files of earlier versions", found.OldFiles],
            ]), ct);
            call.Note(found.IsEmpty ? $"There is nothing of {address} in this lake."
                : isReal ? $"Erased. Earlier versions of the table can no longer be read. The logs still name {address}: a blob that is read again from its beginning brings it back."
                : $"Nothing was changed. To erase it: flowlog lake erase {address} --yes");
            return ExitCode.Fine;
        });
    }
}
