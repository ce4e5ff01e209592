using System.Text.Json;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Nsg.Import;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>Rules in files, as az, ARM templates and Terraform write them.</summary>
internal static class NsgFiles
{
    private static readonly JsonDocumentOptions Json = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>All rules of some files. A parameter file of ARM gives its values to the templates beside it.</summary>
    /// <exception cref="CliException">A file is not there or is not JSON.</exception>
    public static NsgImport Read(IReadOnlyList<FileInfo> files)
    {
        var documents = files.Select(f => (File: f, Root: Parse(f))).ToList();
        JsonElement? parameters = documents.Select(d => (JsonElement?)d.Root).LastOrDefault(r => NsgJson.IsParameterFile(r!.Value));
        var imports = documents.Where(d => !NsgJson.IsParameterFile(d.Root)).Select(d => NsgJson.Read(d.Root, d.File.Name, parameters)).ToList();
        return new NsgImport
        {
            Nsgs = [.. imports.SelectMany(i => i.Nsgs)],
            Effective = [.. imports.SelectMany(i => i.Effective)],
            AdminRules = [.. imports.SelectMany(i => i.AdminRules)],
            Notes = [.. imports.SelectMany(i => i.Notes)],
        };
    }

    public static JsonElement Parse(FileInfo file)
    {
        if (!file.Exists)
            throw new CliException($"There is no file {file.FullName}.");

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file.FullName), Json);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new CliException($"{file.FullName} is not JSON at line {error.LineNumber + 1}: expected an export of az, an ARM template (az bicep build) or a Terraform plan (terraform show -json).", error);
        }
    }
}
