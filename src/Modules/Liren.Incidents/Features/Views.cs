using System.Text.Json;
using Liren.Contracts.Incidents;
using Liren.Contracts.Organisation;
using Liren.Incidents.Domain;
using Liren.Sdk.Text;

namespace Liren.Incidents.Features;

/// <summary>Words that every view of an incident needs.</summary>
internal sealed class Words(Texts texts, IEventTypes types)
{
    private Dictionary<string, EventTypeCard>? known;

    /// <summary>Name of an event type in the reader's language; the code when it is unknown.</summary>
    public async Task<string> TypeAsync(string code, CancellationToken stop)
    {
        known ??= (await types.AllAsync(stop)).ToDictionary(t => t.Code);
        return known.TryGetValue(code, out var card) ? card.Name(Show.Language) : code;
    }

    /// <summary>Codes of the types whose name contains the text.</summary>
    public async Task<List<string>> TypesLikeAsync(string text, CancellationToken stop)
    {
        known ??= (await types.AllAsync(stop)).ToDictionary(t => t.Code);
        return [.. known.Values.Where(t => t.Zh.Contains(text, StringComparison.OrdinalIgnoreCase) || t.En.Contains(text, StringComparison.OrdinalIgnoreCase) || t.Code.Contains(text, StringComparison.OrdinalIgnoreCase)).Select(t => t.Code)];
    }

    /// <summary>The reason of a timeline line.</summary>
    public string Why(Step step) => texts[step.Why, [.. JsonSerializer.Deserialize<JsonElement[]>(step.Args)!.Select(Argument)]];

    private object? Argument(JsonElement argument) => argument.ValueKind switch
    {
        JsonValueKind.String => texts.Named(argument.GetString()),
        JsonValueKind.Number => argument.GetDouble(),
        _ => argument.ToString(),
    };
}

/// <summary>One line of a list of incidents; also the file that is exported.</summary>
internal sealed record IncidentRow(Guid Id, string Code, string Level, string Type, string TypeName, string Place, string PlaceName, IncidentState State, string? Owner, string? Assignee, DateTimeOffset OpenedAt, DateTimeOffset Since, DateTimeOffset? Deadline, DateTimeOffset? EndedAt, double? LastValue, double? PeakValue, int Rework, int Reopened, bool Late, int Version)
{
    /// <summary>Step of the five the incident stands in: 1 sense, 2 decide, 3 dispatch, 4 act, 5 verify; 6 when done.</summary>
    public static int StepOf(IncidentState state) => state switch
    {
        IncidentState.Open => 3,
        IncidentState.Dispatched => 3,
        IncidentState.Accepted or IncidentState.OnScene => 4,
        IncidentState.Verifying => 5,
        _ => 6,
    };

    /// <summary>Colour of the state: always beside its word.</summary>
    public static string ToneOf(IncidentState state) => state switch
    {
        IncidentState.Open => "act",
        IncidentState.Dispatched or IncidentState.Verifying => "wait",
        IncidentState.Accepted or IncidentState.OnScene => "info",
        IncidentState.Closed => "ok",
        _ => "ended",
    };

    public static IncidentRow Of(Incident i, string typeName) => new(i.Id, i.Code, i.Level.ToString(), i.Type, typeName, i.PlacePath, i.PlaceName, i.State, i.OwnerName, i.AssigneeName ?? i.CurrentOffer?.Name, i.OpenedAt, i.Since, i.Deadline, i.EndedAt, i.LastValue, i.PeakValue, i.Rework, i.Round - 1, i.WasLate, i.Version);
}
