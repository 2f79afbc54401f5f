using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Liren.Host.Components;
using Liren.Host.Https;
using Liren.Host.Operations;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Files;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Localization;

namespace Liren.Host;

/// <summary>Composition: which modules, in which order, with which middleware. Nothing here knows what a module does.</summary>
public static class Server
{
    /// <summary>Registers everything that verbs and server share.</summary>
    public static void AddLiren(IHostApplicationBuilder builder)
    {
        var modules = Modules.Load(Modules.PluginFolders(builder.Configuration), out var faulty);
        var services = builder.Services;
        services.AddSingleton(new ModuleList(modules));
        services.AddSingleton(faulty);
        services.AddSingleton(DataLocation.From(builder.Configuration));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new Texts([typeof(Module).Assembly, typeof(Server).Assembly, .. modules.Select(m => m.GetType().Assembly)]));
        services.AddSingleton<Migrator>();
        services.AddSingleton<Protector>();
        services.AddSingleton<PhotoStore>();
        services.AddSingleton<LocalAuthority>();
        services.AddSingleton<EventPump>();
        Checks.Add(services);
        builder.AddModuleDb<SdkDb, SdkDb.Sqlite, SdkDb.Postgres>();
        foreach (var module in modules)
        {
            module.AddServices(builder);
            services.AddFeatures(module.GetType().Assembly);
        }
    }

    /// <summary>Builds the web server.</summary>
    public static WebApplication Build(string[] args) => Build(args, null);

    /// <summary>The same with listeners of its own.</summary>
    internal static WebApplication Build(string[] args, Listeners? listeners)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
            // It would warn at every start that cookie keys lie unencrypted; their folder is for the owner only.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        AddLiren(builder);
        listeners?.Apply(builder);
        var services = builder.Services;
        services.AddHostedService<Checkpoints>();
        services.AddHostedService(s => s.GetRequiredService<EventPump>());
        services.AddDataProtection().SetApplicationName("liren")
            .PersistKeysToFileSystem(new DirectoryInfo(DataLocation.From(builder.Configuration).Sub("keys")));
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(o =>
        {
            o.Cookie.Name = "liren";
            o.Cookie.HttpOnly = true;
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.ExpireTimeSpan = TimeSpan.FromHours(12);
            o.SlidingExpiration = true;
            o.LoginPath = "/sign-in";
        });
        services.AddAuthorization();
        // Guessing passwords is slowed down per address, beside the lock on the account.
        services.AddRateLimiter(o =>
        {
            o.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            o.AddPolicy("sign-in", http => RateLimitPartition.GetFixedWindowLimiter(http.Connection.RemoteIpAddress, _ =>
                new FixedWindowRateLimiterOptions { PermitLimit = 60, Window = TimeSpan.FromMinutes(1) }));
        });
        services.AddCascadingAuthenticationState();
        services.AddScoped<CircuitActor>();
        // Also outside Development a body of the wrong type is answered with a sentence instead of an empty 400.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddProblemDetails().AddExceptionHandler<RuleBrokenHandler>();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddAntiforgery(o => o.Cookie.Name = "liren-form");
        services.AddOpenApi("v1", o => o.CreateSchemaReferenceId = type =>
            type.Type.DeclaringType is { } outer ? outer.Name + type.Type.Name : Microsoft.AspNetCore.OpenApi.OpenApiOptions.CreateDefaultSchemaReferenceId(type));
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            o.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        services.AddRequestDecompression();
        services.AddResponseCompression(o => o.EnableForHttps = false);
        services.Configure<Microsoft.AspNetCore.ResponseCompression.GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.Configure<RequestLocalizationOptions>(o =>
        {
            CultureInfo[] cultures = [new("zh-CN"), new("en")];
            o.DefaultRequestCulture = new RequestCulture("zh-CN");
            o.SupportedCultures = cultures;
            o.SupportedUICultures = cultures;
            // Chinese first: a browser set to another language still starts in Chinese until somebody switches.
            o.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = "liren-language" }];
        });
        var app = builder.Build();
        Configure(app);
        return app;
    }

    private static void Configure(WebApplication app)
    {
        var modules = app.Services.GetRequiredService<ModuleList>().All;
        Listeners.UseDoor(app);
        app.Use((http, next) =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; frame-ancestors 'none'; form-action 'self'; base-uri 'self'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            return next(http);
        });
        HotLane.Use(app);
        app.UseRequestDecompression();
        app.UseResponseCompression();
        OfflineApps.Use(app);
        WallApp.Use(app);
        app.UseRequestLocalization();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        // A person with a wrong address gets a page; programs get the problem as JSON.
        app.UseWhen(http => HttpMethods.IsGet(http.Request.Method) && !http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal),
            site => site.UseStatusCodePages(missing => missing.HttpContext.Response.StatusCode == StatusCodes.Status404NotFound
                ? new Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<Missing> { StatusCode = StatusCodes.Status404NotFound }.ExecuteAsync(missing.HttpContext)
                : Task.CompletedTask));
        app.UseAuthentication();
        app.UseMiddleware<ActorMiddleware>();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.MapStaticAssets();
        Health.Map(app);
        app.MapOpenApi("/api/{documentName}.json");
        foreach (var module in modules)
        {
            var api = app.MapGroup($"/api/{module.Name}");
            api.MapFeatures(module.GetType().Assembly);
            module.MapEndpoints(api);
            module.MapPages(app);
        }
        Shell.Map(app);
        CaPages.Map(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode()
            .AddAdditionalAssemblies([.. modules.Select(m => m.GetType().Assembly)]);
    }

    /// <summary>Migrates and, when asked, seeds the demo once; before the server takes requests.</summary>
    public static async Task PrepareAsync(IServiceProvider services, bool demo, CancellationToken cancellation)
    {
        await services.GetRequiredService<Migrator>().MigrateAsync(cancellation);
        if (demo) await Demo.SeedOnceAsync(services, cancellation);
    }
}
