using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Tests.Cases;

/// <summary>The demo community with its staff, for cases.</summary>
public sealed class GridApp : LirenApp
{
    public const string Compound = "31.01.15.016.037.liren", Plaza = Compound + ".plaza";

    protected override bool Demo => true;

    public static MultipartFormDataContent Form(object fields, params byte[][] photos)
    {
        var form = new MultipartFormDataContent { { new StringContent("1"), "form" } };
        foreach (var field in fields.GetType().GetProperties())
            if (Convert.ToString(field.GetValue(fields), System.Globalization.CultureInfo.InvariantCulture) is { } value) form.Add(new StringContent(value), field.Name);
        foreach (var photo in photos)
        {
            var file = new ByteArrayContent(photo);
            file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            form.Add(file, "photos", "photo.png");
        }
        return form;
    }

    /// <summary>A new case, reported by a grid worker; its id.</summary>
    public async Task<Guid> ReportAsync(string type = "environment.rubbish", string place = Plaza, string user = "grid1", double? longitude = null, double? latitude = null) =>
        (await ReportedAsync(type, place, user, longitude, latitude)).GetProperty("id").GetGuid();

    public async Task<JsonElement> ReportedAsync(string type = "environment.rubbish", string place = Plaza, string user = "grid1", double? longitude = null, double? latitude = null)
    {
        var answer = await AsAccount(user).PostAsync(new Uri("/api/cases", UriKind.Relative), Form(new { type, place, text = "垃圾桶满溢", longitude, latitude }));
        answer.EnsureSuccessStatusCode();
        await SettleAsync();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<HttpResponseMessage> DoAsync(string user, Guid id, string act, object? body = null)
    {
        var answer = await AsAccount(user).PostAsJsonAsync($"/api/cases/{id}/{act}", body ?? new { });
        await SettleAsync();
        return answer;
    }

    public async Task<HttpResponseMessage> SendAsync(string user, Guid id, string act, object fields, params byte[][] photos)
    {
        var answer = await AsAccount(user).PostAsync(new Uri($"/api/cases/{id}/{act}", UriKind.Relative), Form(fields, photos));
        await SettleAsync();
        return answer;
    }

    public async Task<JsonElement> ShowAsync(Guid id, string user = "duty") => await AsAccount(user).GetFromJsonAsync<JsonElement>($"/api/cases/{id}");

    public async Task<string> StateAsync(Guid id) => (await ShowAsync(id)).GetProperty("row").GetProperty("state").GetString()!;

    public async Task<DateTimeOffset?> DeadlineAsync(Guid id) => (await ShowAsync(id)).GetProperty("row").GetProperty("deadline") is { ValueKind: JsonValueKind.String } due ? due.GetDateTimeOffset() : null;

    /// <summary>Organisation by its code.</summary>
    public async Task<Guid> OrgAsync(string name) =>
        (await AsAccount("duty").GetFromJsonAsync<JsonElement>($"/api/cases/units?place={Plaza}")).EnumerateArray().Single(o => o.GetProperty("code").GetString() == name).GetProperty("id").GetGuid();

    /// <summary>A case of the enforcement team, in their hands.</summary>
    public async Task<Guid> HandledBy(string org = "huamu-urban", string? accept = "urban", string type = "environment.rubbish", string place = Plaza)
    {
        var id = await ReportAsync(type, place);
        (await DoAsync("duty", id, "register")).EnsureSuccessStatusCode();
        (await DoAsync("duty", id, "assign", new { unitId = await OrgAsync(org) })).EnsureSuccessStatusCode();
        if (accept is not null) (await DoAsync(accept, id, "accept")).EnsureSuccessStatusCode();
        return id;
    }

    /// <summary>The same, fed back.</summary>
    public async Task<Guid> FedBackAsync()
    {
        var id = await HandledBy();
        (await SendAsync("urban", id, "feed-back", new { note = "已清运" }, Pictures.Png(id))).EnsureSuccessStatusCode();
        return id;
    }
}
