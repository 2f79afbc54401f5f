using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;

namespace Liren.Tests.Cases;

/// <summary>GeoReport v2, as a city's client uses it.</summary>
public sealed class Open311Tests(GridApp app) : IClassFixture<GridApp>
{
    private static string? key;
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<string> KeyAsync(string role = "integration")
    {
        var made = await (await app.As("administrator").PostAsJsonAsync("/api/identity/keys", new { name = $"city app {role}", kind = "program", role, place = GridApp.Compound, days = 30 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        return made.GetProperty("key").GetString()!;
    }

    private async Task<HttpResponseMessage> PostAsync(string format, params (string Name, string Value)[] fields)
    {
        key ??= await KeyAsync();
        return await app.CreateClient().PostAsync(new Uri($"/open311/v2/requests.{format}", UriKind.Relative), new FormUrlEncodedContent(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value == "KEY" ? key : f.Value))), Stop);
    }

    private async Task<JsonElement> GetAsync(string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        var answer = await app.CreateClient().GetAsync(new Uri($"/open311/v2/{path}", UriKind.Relative), Stop);
        answer.StatusCode.ShouldBe(status);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private async Task<string> ReportedAsync(string service = "environment.rubbish")
    {
        var answer = await PostAsync("json", ("api_key", "KEY"), ("service_code", service), ("address_id", GridApp.Plaza), ("description", "垃圾满溢，王小英反映"), ("first_name", "小英"), ("last_name", "王"), ("phone", "13900001111"), ("email", "wang@example.org"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Stop));
        await app.SettleAsync();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop))[0].GetProperty("service_request_id").GetString()!;
    }

    [Fact]
    public async Task Services_are_the_public_types_in_both_formats()
    {
        var services = await GetAsync("services.json");
        services.EnumerateArray().Select(s => s.GetProperty("service_code").GetString()).ShouldContain("environment.rubbish");
        services.EnumerateArray().Select(s => s.GetProperty("service_code").GetString()).ShouldNotContain("person.welfare");
        (await GetAsync("services/environment.rubbish.json")).GetProperty("attributes").GetArrayLength().ShouldBe(0);
        var xml = XDocument.Parse(await app.CreateClient().GetStringAsync("/open311/v2/services.xml", Stop));
        xml.Root!.Name.LocalName.ShouldBe("services");
        xml.Root.Elements("service").Count().ShouldBe(services.GetArrayLength());
        XDocument.Parse(await app.CreateClient().GetStringAsync("/open311/v2/services/environment.rubbish.xml", Stop)).Root!.Element("attributes").ShouldNotBeNull();
        (await GetAsync("services/person.welfare.json", HttpStatusCode.NotFound))[0].GetProperty("code").GetInt32().ShouldBe(404);
    }

    [Fact]
    public async Task A_report_is_posted_found_and_closed()
    {
        var id = await ReportedAsync();
        var request = (await GetAsync($"requests/{id}.json"))[0];
        request.GetProperty("status").GetString().ShouldBe("open");
        request.GetProperty("extended_attributes").GetProperty("state").GetString().ShouldBe("Collected");
        var found = (await app.AsAccount("duty").GetFromJsonAsync<JsonElement>($"/api/cases?q={id}", Stop)).GetProperty("items")[0];
        found.GetProperty("source").GetString().ShouldBe("Program");
        (await app.DoAsync("duty", found.GetProperty("id").GetGuid(), "reject", new { text = "不属实" })).EnsureSuccessStatusCode();
        (await GetAsync($"requests/{id}.json"))[0].GetProperty("status").GetString().ShouldBe("closed");
        (await GetAsync($"requests.json?status=closed&service_request_id={id}")).GetArrayLength().ShouldBe(1);
        (await GetAsync($"requests.json?status=open&service_request_id={id}")).GetArrayLength().ShouldBe(0);
        XDocument.Parse(await app.CreateClient().GetStringAsync($"/open311/v2/requests/{id}.xml", Stop)).Root!.Element("request")!.Element("service_request_id")!.Value.ShouldBe(id);
    }

    [Fact]
    public async Task Nothing_of_who_reported_is_public()
    {
        var id = await ReportedAsync();
        foreach (var format in new[] { "json", "xml" })
            foreach (var path in new[] { $"requests/{id}.{format}", $"requests.{format}" })
            {
                var text = await app.CreateClient().GetStringAsync("/open311/v2/" + path, Stop);
                foreach (var secret in new[] { "13900001111", "小英", "wang@example.org" }) text.ShouldNotContain(secret);
            }
    }

    [Fact]
    public async Task A_token_leads_to_the_number()
    {
        var answer = await PostAsync("xml", ("api_key", "KEY"), ("service_code", "environment.rubbish"), ("address_id", GridApp.Plaza));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var made = XDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).Root!.Element("request")!;
        (await GetAsync($"tokens/{made.Element("token")!.Value}.json"))[0].GetProperty("service_request_id").GetString().ShouldBe(made.Element("service_request_id")!.Value);
        (await GetAsync("tokens/nothing.json", HttpStatusCode.NotFound))[0].GetProperty("code").GetInt32().ShouldBe(404);
    }

    [Fact]
    public async Task A_point_finds_its_place()
    {
        var plaza = await app.InScopeAsync(s => ((Liren.Contracts.Places.IPlaceDirectory)s.GetService(typeof(Liren.Contracts.Places.IPlaceDirectory))!).FindAsync(GridApp.Plaza, Stop));
        var at = (Lat: plaza!.Latitude!.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), Long: plaza.Longitude!.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        (await PostAsync("json", ("api_key", "KEY"), ("service_code", "environment.rubbish"), ("lat", at.Lat), ("long", at.Long), ("description", "满了"))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await PostAsync("json", ("api_key", "KEY"), ("service_code", "environment.rubbish"), ("lat", "10"), ("long", "10"), ("description", "满了"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(400, "service_code=environment.rubbish;address_id=" + GridApp.Plaza)]
    [InlineData(403, "api_key=wrong;service_code=environment.rubbish;address_id=" + GridApp.Plaza)]
    [InlineData(400, "api_key=KEY;address_id=" + GridApp.Plaza)]
    [InlineData(404, "api_key=KEY;service_code=nothing;address_id=" + GridApp.Plaza)]
    [InlineData(400, "api_key=KEY;service_code=environment.rubbish")]
    [InlineData(400, "api_key=KEY;service_code=environment.rubbish;address_id=61.06.02")]
    [InlineData(400, "api_key=KEY;service_code=environment.rubbish;lat=31.2")]
    [InlineData(400, "api_key=KEY;service_code=environment.rubbish;lat=north;long=121")]
    public async Task A_bad_report_is_answered_in_the_form_of_the_standard(int status, string fields)
    {
        var pairs = fields.Split(';').Select(f => (f.Split('=')[0], f.Split('=')[1])).ToArray();
        var answer = await PostAsync("json", pairs);
        ((int)answer.StatusCode).ShouldBe(status);
        var errors = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        errors[0].GetProperty("code").GetInt32().ShouldBe(status);
        errors[0].GetProperty("description").GetString().ShouldNotBeNullOrEmpty();
        XDocument.Parse(await (await PostAsync("xml", pairs)).Content.ReadAsStringAsync(Stop)).Root!.Element("error")!.Element("code")!.Value.ShouldBe($"{status}");
    }

    [Theory]
    [InlineData("start_date=2019-01-01T00:00:00Z&end_date=2019-12-31T00:00:00Z")]
    [InlineData("start_date=2020-02-10T00:00:00Z&end_date=2020-02-01T00:00:00Z")]
    [InlineData("start_date=yesterday")]
    [InlineData("status=done")]
    [InlineData("page_size=1001")]
    public async Task A_list_that_asks_too_much_or_wrongly_is_refused(string query) => (await GetAsync($"requests.json?{query}", HttpStatusCode.BadRequest))[0].GetProperty("code").GetInt32().ShouldBe(400);

    [Fact]
    public async Task A_list_is_filtered_by_service_and_time()
    {
        await ReportedAsync("environment.noise");
        (await GetAsync("requests.json?service_code=environment.noise")).EnumerateArray().ShouldAllBe(r => r.GetProperty("service_code").GetString() == "environment.noise");
        (await GetAsync("requests.json?start_date=2019-02-01T00:00:00Z&end_date=2019-03-01T00:00:00Z")).GetArrayLength().ShouldBe(0);
        (await GetAsync("requests.json?start_date=2020-02-01T00:00:00%2B08:00")).GetArrayLength().ShouldBeGreaterThan(0);
    }
}
