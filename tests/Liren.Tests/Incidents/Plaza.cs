using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Tests.Incidents;

/// <summary>The demo community with its staff, and a people counter on the plaza.</summary>
public sealed class Plaza : LirenApp
{
    public const string Place = "31.01.15.016.037.liren.plaza";
    private HttpClient? counter;

    protected override bool Demo => true;

    /// <summary>The counter, with a key of its own as programs have.</summary>
    public async Task<HttpClient> CounterAsync()
    {
        if (counter is not null) return counter;
        var made = await (await As("administrator").PostAsJsonAsync("/api/identity/keys", new { name = "plaza counter", kind = "device", role = "integration", place = "31.01.15.016.037", days = 30 })).Content.ReadFromJsonAsync<JsonElement>();
        counter = CreateClient();
        counter.DefaultRequestHeaders.Authorization = new("Bearer", made.GetProperty("key").GetString());
        return counter;
    }

    /// <summary>A signal, now.</summary>
    public object Signal(object? value, string type = "crowd.gathering", string place = Place, Guid? id = null, DateTimeOffset? at = null, string? quality = null, string source = "counter 1") =>
        new { id = id ?? Guid.CreateVersion7(), type, place, value, at = at ?? Clock.GetUtcNow(), source, quality };

    /// <summary>Readings of the counter, some seconds apart.</summary>
    public async Task CountAsync(string place, int apart, params double[] values)
    {
        var http = await CounterAsync();
        foreach (var value in values)
        {
            await PassAsync(TimeSpan.FromSeconds(apart));
            (await http.PostAsJsonAsync("/api/incidents/events", Signal(value, place: place))).EnsureSuccessStatusCode();
            await SettleAsync();
        }
    }

    /// <summary>The incident open at a place, as the administrator sees it.</summary>
    public async Task<JsonElement> AtAsync(string place, string filter = "")
    {
        var page = await As("administrator").GetFromJsonAsync<JsonElement>($"/api/incidents?place={place}&filter={filter}&size=200");
        var items = page.GetProperty("items");
        return items.GetArrayLength() == 0 ? default : await ShowAsync(items[0].GetProperty("id").GetGuid());
    }

    public Task<JsonElement> ShowAsync(Guid id, HttpClient? who = null) => (who ?? As("administrator")).GetFromJsonAsync<JsonElement>($"/api/incidents/{id}");

    /// <summary>Opens an incident at a fresh place; grid1 is asked.</summary>
    /// <param name="code">A building of the demo compound that no other test uses: "b1" to "b17".</param>
    public async Task<(Guid Id, string Place)> OpenAsync(string code)
    {
        var place = "31.01.15.016.037.liren." + code;
        await CountAsync(place, 1, 21);
        return ((await AtAsync(place)).GetProperty("row").GetProperty("id").GetGuid(), place);
    }

    /// <summary>User name of the demo account asked or in charge now.</summary>
    public async Task<string> AskedAsync(Guid id)
    {
        var name = (await ShowAsync(id)).GetProperty("row").GetProperty("assignee").GetString();
        return name switch { "网格员 张强" => "grid1", "网格员 李霞" => "grid2", "网格员 王军" => "grid3", "社区工作者 吴岚" => "community", "值班员 陈立" => "duty", "核查员 赵晴" => "checker", _ => name ?? "" };
    }

    public static MultipartFormDataContent Form(string? note, byte[]? photo = null, string? key = null)
    {
        var form = new MultipartFormDataContent();
        if (note is not null) form.Add(new StringContent(note), "note");
        if (key is not null) form.Add(new StringContent(key), "key");
        if (photo is not null)
        {
            var file = new ByteArrayContent(photo);
            file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            form.Add(file, "photos", "photo.png");
        }
        // A form without any part is none.
        form.Add(new StringContent("1"), "form");
        return form;
    }

    public async Task<HttpResponseMessage> DoAsync(string user, Guid id, string act, object? body = null)
    {
        var answer = await AsAccount(user).PostAsJsonAsync($"/api/incidents/{id}/{act}", body ?? new { });
        await SettleAsync();
        return answer;
    }

    public async Task<HttpResponseMessage> SendAsync(string user, Guid id, string act, string? note, byte[]? photo = null, string? key = null)
    {
        var answer = await AsAccount(user).PostAsync(new Uri($"/api/incidents/{id}/{act}", UriKind.Relative), Form(note, photo, key));
        await SettleAsync();
        return answer;
    }

    /// <summary>A position at the place of an incident.</summary>
    public async Task<object> HereAsync(Guid id)
    {
        var shown = await ShowAsync(id);
        return new { longitude = shown.GetProperty("longitude").GetDouble(), latitude = shown.GetProperty("latitude").GetDouble() };
    }

    /// <summary>Brings an open incident to "handled".</summary>
    public async Task HandledAsync(Guid id)
    {
        var who = await AskedAsync(id);
        (await DoAsync(who, id, "accept")).EnsureSuccessStatusCode();
        (await DoAsync(who, id, "arrive", await HereAsync(id))).EnsureSuccessStatusCode();
        (await SendAsync(who, id, "handle", "已劝离", Pictures.Png(id))).EnsureSuccessStatusCode();
    }
}
