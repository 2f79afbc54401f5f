using Liren.Alerts;
using Liren.Contracts.Incidents;
using Liren.Contracts.Places;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>Places in the geocodes of messages.</summary>
internal static class CapPlaces
{
    /// <summary>Name of our own codes: paths of places, types of events.</summary>
    public const string Ours = "liren";
    /// <summary>GB/T 2260 and its continuation to communities: 6, 9 or 12 digits.</summary>
    public const string Division = "GB2260";
    private static readonly int[] Digits = [2, 2, 2, 3, 3];

    /// <summary>The path a geocode names; null when it is of another vocabulary.</summary>
    public static string? PathOf(AlertPair code) => code.Name switch
    {
        Ours when PlacePath.IsValid(code.Value) => code.Value,
        Division => PlacePath.OfDivision(code.Value),
        _ => null,
    };

    /// <summary>Codes of a place: its path, and that of the division it lies in.</summary>
    public static IReadOnlyList<AlertPair> Of(string path)
    {
        var division = string.Concat(path.Split('.').TakeWhile((segment, n) => n < Digits.Length && segment.Length == Digits[n] && segment.All(char.IsAsciiDigit)));
        return division.Length == 0 ? [new(Ours, path)] : [new(Ours, path), new(Division, division.PadRight(12, '0'))];
    }
}

/// <summary>
/// An incident as a message of the Common Alerting Protocol (导出预警): its timeline gives the versions, the last is what is answered. The first is an Alert,
/// later ones Update those before, a rejected incident Cancels them. No names and no words of people.
/// </summary>
[Needs("incidents.read")]
internal sealed class ShowCap(IncidentsDb db, ShowIncident show, CapOptions options, Texts texts) : IFeature
{
    private const int MostReferences = 50;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}/cap", async (Guid id, ShowCap feature, CancellationToken stop) =>
        TypedResults.Bytes(AlertWriter.Write(await feature.RunAsync(id, stop)), "application/cap+xml; charset=utf-8")).Produces<string>(contentType: "application/cap+xml");

    public async Task<Alert> RunAsync(Guid id, CancellationToken stop)
    {
        var i = await show.RunAsync(id, stop);
        var (row, versions) = (i.Row, i.Timeline.Count);
        AlertReference Version(int n) => new(options.Sender, $"{id}.{n}", Second(i.Timeline[n - 1].At));
        var signals = await db.Observations.AsNoTracking().Where(o => o.IncidentId == id).Select(o => o.Quality).ToListAsync(stop);
        var drill = signals.Count > 0 && signals.TrueForAll(q => q.HasFlag(Quality.Simulated));
        var last = Version(versions);
        var kind = row.State == IncidentState.Rejected ? AlertKind.Cancel : versions == 1 ? AlertKind.Alert : AlertKind.Update;
        return new(last.Identifier, last.Sender, last.Sent, drill ? AlertStatus.Exercise : AlertStatus.Actual, kind, AlertScope.Restricted)
        {
            Restriction = texts["incidents.cap-restriction"], Note = drill ? texts["incidents.cap-drill"] : kind == AlertKind.Cancel ? texts["incidents.cap-no-incident"] : null,
            References = [.. Enumerable.Range(Math.Max(1, versions - MostReferences), Math.Min(versions - 1, MostReferences)).Select(Version)], Incidents = [row.Code], Infos = [Info(i)],
        };
    }

    private AlertInfo Info(ShowIncident.Response i)
    {
        var (row, over) = (i.Row, i.Row.EndedAt is not null);
        return new([CategoryOf(row.Type)], row.TypeName, over ? AlertUrgency.Past : row.Level is "I" or "II" ? AlertUrgency.Immediate : AlertUrgency.Expected, SeverityOf(row.Level), i.Sensor.Readings.Count > 0 || row.State >= IncidentState.OnScene ? AlertCertainty.Observed : AlertCertainty.Likely)
        {
            Language = System.Globalization.CultureInfo.CurrentUICulture.Name, Responses = [over ? AlertResponse.AllClear : AlertResponse.Monitor], EventCodes = [new(CapPlaces.Ours, row.Type)],
            Effective = Second(row.OpenedAt), Onset = Second(row.OpenedAt), Expires = row.EndedAt is { } ended ? Second(ended) : null, SenderName = row.Owner, Headline = $"{row.TypeName} · {row.PlaceName}",
            Parameters = [new("liren.level", row.Level), new("liren.colour", ColourOf(row.Level)), new("liren.state", row.State.ToString())],
            Areas = [new AlertArea(row.PlaceName) { Circles = i is { Latitude: { } latitude, Longitude: { } longitude } ? [new(new(Round(latitude), Round(longitude)), 0)] : [], Geocodes = CapPlaces.Of(row.Place) }],
        };
    }

    /// <summary>I Extreme, II Severe, III Moderate, IV Minor.</summary>
    internal static AlertSeverity SeverityOf(string level) => level switch { "I" => AlertSeverity.Extreme, "II" => AlertSeverity.Severe, "III" => AlertSeverity.Moderate, _ => AlertSeverity.Minor };

    private static string ColourOf(string level) => level switch { "I" => "red", "II" => "orange", "III" => "yellow", _ => "blue" };

    private static AlertCategory CategoryOf(string type) => type.Split('.')[0] switch
    {
        "fire" => AlertCategory.Fire, "health" => AlertCategory.Health, "security" => AlertCategory.Security, "environment" => AlertCategory.Env, "traffic" => AlertCategory.Transport, "facility" => AlertCategory.Infra,
        "weather" => AlertCategory.Met, "person" => AlertCategory.Rescue, "crowd" => AlertCategory.Safety, _ => AlertCategory.Other,
    };

    private static decimal Round(double degrees) => Math.Round((decimal)degrees, 6);

    // CAP knows seconds only; the same second in every message that refers to it.
    private static DateTimeOffset Second(DateTimeOffset at) => Show.Local(DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()));
}
