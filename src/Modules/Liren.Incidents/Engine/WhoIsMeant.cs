using System.Collections.Concurrent;
using Liren.Contracts.Devices;
using Liren.Contracts.Identity;
using Liren.Contracts.Organisation;
using Liren.Incidents.Domain;
using Liren.Incidents.Features;
using Liren.Plans;
using Liren.Plans.Language;
using Liren.Plans.Running;

namespace Liren.Incidents.Engine;

/// <summary>
/// Finds who is meant by an expression of a plan (谁是目标): devices at the place, people on duty. Targets are named <c>device/ID</c> and <c>account/ID</c>.
/// What nobody stands for here, such as a post nobody holds or a group without a channel, gives none, and the plan says so in its timeline.
/// </summary>
internal sealed class WhoIsMeant(IDeviceDirectory devices, IDutyRota rota, IOrganisationDirectory organisations, IAccountDirectory accounts, Ladder ladder, TimeProvider clock)
{
    private const string Device = "device/", Account = "account/";
    private static readonly Dictionary<string, string> KindsOfDevices = new() { ["speakers"] = "speaker", ["lifts"] = "elevator" };
    private static readonly Dictionary<string, string> PostsOfGroups = new() { ["grid-workers"] = "grid-worker", ["guards"] = "guard" };
    private static readonly Dictionary<string, string> PostsOfPlaces = new()
    {
        ["area.watchkeeper"] = "guard", ["area.property.duty"] = "property-manager", ["area.street.office"] = "duty-officer", ["area.district.government"] = "duty-leader",
    };

    // How far the person was when they were found; a restart forgets it.
    private const int MostRemembered = 10_000;
    private static readonly ConcurrentDictionary<(Guid Incident, Guid Account), Candidate> found = new();

    /// <summary>The targets, the first choice first.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(Resolve ask, Incident incident, CancellationToken stop) => [.. (await FindAsync(PlanCompiler.TreeOf(ask.Expression), incident, stop)).Distinct()];

    /// <summary>The account of a target, or null.</summary>
    public static Guid? AccountOf(string target) => target.StartsWith(Account, StringComparison.Ordinal) && Guid.TryParse(target[Account.Length..], out var id) ? id : null;

    /// <summary>The device of a target, or null.</summary>
    public static Guid? DeviceOf(string target) => target.StartsWith(Device, StringComparison.Ordinal) && Guid.TryParse(target[Device.Length..], out var id) ? id : null;

    /// <summary>The target of a device.</summary>
    public static string TargetOfDevice(Guid device) => Device + device;

    /// <summary>The kind of devices a group of a plan means, such as <c>speakers.in(area)</c>; null: it means none.</summary>
    public static string? KindOf(CallExpr call) => KindsOfDevices.GetValueOrDefault(call.Text.Split('.')[0]);

    /// <summary>The target of an account.</summary>
    public static string TargetOf(Guid account) => Account + account;

    /// <summary>Somebody who was found before, with their way to the place.</summary>
    public async Task<Candidate?> CandidateAsync(Guid incident, string target, CancellationToken stop)
    {
        if (AccountOf(target) is not { } account) return null;
        if (found.TryRemove((incident, account), out var known)) return known;
        return (await accounts.FindManyAsync([account], stop)).GetValueOrDefault(account) is { } card ? new(account, card.DisplayName, Guid.Empty, "", Rung.Nearest, null, 0) : null;
    }

    /// <summary>What people call a target.</summary>
    public async Task<string> NameAsync(string target, CancellationToken stop) =>
        AccountOf(target) is { } account ? (await accounts.FindManyAsync([account], stop)).GetValueOrDefault(account)?.DisplayName ?? target
        : DeviceOf(target) is { } device ? (await devices.FindAsync(device, stop))?.Name ?? target
        : target;

    private async Task<IEnumerable<string>> FindAsync(Expr tree, Incident incident, CancellationToken stop)
    {
        switch (tree)
        {
            case ListExpr list:
                var all = new List<string>();
                foreach (var item in list.Items) all.AddRange(await FindAsync(item, incident, stop));
                return all;
            case CallExpr { Text: "nearest", Arguments: [{ Value: PathExpr post }, ..] arguments }:
                return await PostAsync(post.Text, incident, MetresOf(arguments.FirstOrDefault(a => a.Name == "within")?.Value), stop);
            case CallExpr call when KindOf(call) is { } kind: return (await devices.AtAsync(incident.PlacePath, kind, stop)).Select(d => TargetOfDevice(d.Id));
            case CallExpr call:
                return PostsOfGroups.GetValueOrDefault(call.Text.Split('.')[0]) is { } standing ? await PostAsync(standing, incident, null, stop) : [];
            case PathExpr path when PostsOfPlaces.GetValueOrDefault(path.Text) is { } here: return await PostAsync(here, incident, null, stop);
            case RefExpr { Text: var text } when text.StartsWith("role/", StringComparison.Ordinal): return await PostAsync(text["role/".Length..], incident, null, stop);
            case RefExpr { Text: var text } when text.StartsWith("org/", StringComparison.Ordinal) && await organisations.FindByCodeAsync(text["org/".Length..], stop) is { } org:
                return await PeopleAsync(await rota.OnDutyOfAsync(org.Id, clock.GetUtcNow(), stop), Rung.NextOrg, incident, null, stop);
            default: return [];
        }
    }

    private async Task<IEnumerable<string>> PostAsync(string post, Incident incident, double? within, CancellationToken stop) =>
        await PeopleAsync(await rota.OnDutyAsync(post, incident.PlacePath, clock.GetUtcNow(), stop), post switch { "community-secretary" => Rung.Secretary, "duty-officer" => Rung.DutyOfficer, _ => Rung.Nearest }, incident, within, stop);

    private async Task<IEnumerable<string>> PeopleAsync(IReadOnlyList<DutyPerson> people, Rung rung, Incident incident, double? within, CancellationToken stop)
    {
        var ranked = (await ladder.RankAsync(incident, rung, people, clock.GetUtcNow(), stop)).Where(c => within is null || c.Distance is null || c.Distance <= within).ToList();
        // Most of those found are never asked; what is forgotten costs a distance on the page.
        if (found.Count > MostRemembered) found.Clear();
        foreach (var candidate in ranked) found[(incident.Id, candidate.AccountId)] = candidate;
        return ranked.Select(c => TargetOf(c.AccountId));
    }

    private static double? MetresOf(Expr? written) => written is QuantityExpr quantity ? Quantity.Length(quantity.Text) : null;
}
