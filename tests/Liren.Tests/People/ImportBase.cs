using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.People;

/// <summary>A compound of one's own to import into, and the import as a program would call it.</summary>
public abstract class ImportBase(LirenApp app)
{
    protected const string Community = "31.01.15.016.037";

    protected LirenApp App { get; } = app;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected async Task<string> CompoundAsync(string name = "阳光花园")
    {
        var code = "c" + Guid.CreateVersion7().ToString("N")[^12..];
        await App.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<PlacesDb>();
            db.Add(Place.Add(Guid.CreateVersion7(), Community, PlaceKind.Community, PlaceKind.Compound, code, name, App.Clock.GetUtcNow()));
            return await db.SaveChangesAsync(Stop);
        });
        return $"{Community}.{code}";
    }

    protected HttpClient Worker(string place = "") => App.As(BuiltInRoles.CommunityWorker, place, Purposes.RegisterKeeping);

    protected static async Task<HttpResponseMessage> SendAsync(HttpClient http, string compound, byte[] file, bool dryRun = false, string? map = null, string name = "台账.csv")
    {
        using var form = new MultipartFormDataContent { { new StringContent(compound), "compound" } };
        if (map is not null) form.Add(new StringContent(map), "map");
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(content, "file", name);
        return await http.PostAsync($"/api/people/imports{(dryRun ? "?dryRun=true" : "")}", form, Stop);
    }

    /// <summary>What the import would do.</summary>
    protected async Task<JsonElement> PreviewAsync(string compound, string csv, string? map = null)
    {
        using var answer = await SendAsync(Worker(), compound, Encoding.UTF8.GetBytes(csv), dryRun: true, map);
        var body = await answer.Content.ReadAsStringAsync(Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("preview");
    }

    /// <summary>Imports and waits until it is through.</summary>
    protected Task<JsonElement> ImportAsync(string compound, string csv, string? map = null) => ImportAsync(compound, Encoding.UTF8.GetBytes(csv), map);

    protected async Task<JsonElement> ImportAsync(string compound, byte[] file, string? map = null)
    {
        using var http = Worker();
        using var answer = await SendAsync(http, compound, file, map: map);
        var body = await answer.Content.ReadAsStringAsync(Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, body);
        return await WaitAsync(http, answer.Headers.Location!);
    }

    protected static async Task<JsonElement> WaitAsync(HttpClient http, Uri status)
    {
        for (var i = 0; i < 600; i++)
        {
            var run = await http.GetFromJsonAsync<JsonElement>(status, Stop);
            if (run.GetProperty("state").GetString() is "Finished" or "Failed") return run;
            await Task.Delay(50, Stop);
        }
        throw new TimeoutException("The import does not end");
    }

    protected static string Counts(JsonElement run) => string.Join(' ', new[] { "added", "changed", "unchanged", "refused" }.Select(n => run.GetProperty(n).GetInt32()));

    private protected Task<List<Person>> PersonsAsync(string compound) => App.InScopeAsync(async s =>
    {
        var db = s.GetRequiredService<PeopleDb>();
        return await db.Persons.AsNoTracking().Include(p => p.Identifiers).Include(p => p.Contacts).Where(p => p.HomePath!.StartsWith(compound + ".")).OrderBy(p => p.Name).ToListAsync(Stop);
    });

    private protected Task<List<Occupancy>> OccupanciesAsync(string compound) => App.InScopeAsync(async s =>
        await s.GetRequiredService<PeopleDb>().Occupancies.AsNoTracking().Where(o => o.RoomPath.StartsWith(compound + ".")).OrderBy(o => o.RoomPath).ToListAsync(Stop));

    /// <summary>A valid, invented number.</summary>
    protected static string Id(int order, string birth = "19800101")
    {
        var first = $"310115{birth}{order:000}";
        return first + CitizenId.Check(first);
    }
}
