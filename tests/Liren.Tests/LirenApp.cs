using System.Collections.Immutable;
using System.Net.Http.Headers;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Liren.Tests;

/// <summary>
/// The whole program in memory on its own data folder, its own clock and its own database: SQLite, or a fresh PostgreSQL database when
/// LIREN_TEST_POSTGRES names a server. Callers are made by <see cref="As"/>: any built-in role on any place.
/// </summary>
public class LirenApp : WebApplicationFactory<Liren.Host.Program>, IAsyncLifetime
{
    private static readonly string? PostgresServer = Environment.GetEnvironmentVariable("LIREN_TEST_POSTGRES") is { Length: > 0 } s ? s : null;
    private readonly string folder = Directory.CreateTempSubdirectory("liren-test-").FullName;
    private readonly string database = $"liren_{Guid.CreateVersion7():N}";

    /// <summary>13 February 2020, 14:00 in Shanghai, moved by the test.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2020, 2, 13, 14, 0, 0, TimeSpan.FromHours(8)));

    /// <summary>Set in a derived fixture that wants the demo.</summary>
    protected virtual bool Demo => false;

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer is not null) await OnServerAsync($"CREATE DATABASE {database}");
        await Liren.Host.Server.PrepareAsync(Services, Demo, CancellationToken.None);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Data:Folder", folder);
        if (PostgresServer is not null) builder.UseSetting("ConnectionStrings:Postgres", new NpgsqlConnectionStringBuilder(PostgresServer) { Database = database, MaxPoolSize = 20 }.ConnectionString);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            // Tests pump by hand (SettleAsync), so that what they see is settled.
            foreach (var hosted in services.Where(d => d.ServiceType == typeof(IHostedService) && d.ImplementationFactory is not null && d.ImplementationFactory.Method.ReturnType == typeof(EventPump)).ToList())
                services.Remove(hosted);
            var real = services.Last(d => d.ServiceType == typeof(IActorSource));
            services.Remove(real);
            services.AddSingleton<IActorSource>(s => new TestActors((IActorSource)(real.ImplementationFactory?.Invoke(s) ?? ActivatorUtilities.CreateInstance(s, real.ImplementationType!)), s.GetRequiredService<ModuleList>(), s.GetRequiredService<IServiceScopeFactory>()));
        });
    }

    /// <summary>A caller in a built-in role on a subtree of places ("" is everywhere).</summary>
    public HttpClient As(string role, string place = "", string? purpose = null)
    {
        var http = CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"test:{role}:{place}");
        if (purpose is not null) http.DefaultRequestHeaders.Add(Gatekeeper.PurposeHeader, purpose);
        return http;
    }

    /// <summary>A caller who is signed in with a real account, e.g. one of the demo; with the rights it really has.</summary>
    public HttpClient AsAccount(string userName)
    {
        var http = CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"account:{userName}");
        return http;
    }

    /// <summary>Id of the caller made by <see cref="As"/>.</summary>
    public static Guid IdOf(string role, string place = "") => Liren.Sdk.Web.NewId.Of($"{role}:{place}", null).Value;

    /// <summary>Delivers every waiting event and fires due timers.</summary>
    public async Task SettleAsync()
    {
        while (await Services.GetRequiredService<EventPump>().PumpOnceAsync(CancellationToken.None) > 0) { }
    }

    /// <summary>Moves the clock and settles.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        await SettleAsync();
    }

    /// <summary>Runs in a scope as somebody (the operator by default).</summary>
    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> run, Actor? actor = null)
    {
        await using var scope = Services.CreateAsyncScope();
        using var _ = Actor.Use(actor ?? Actor.Operator);
        return await run(scope.ServiceProvider);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (PostgresServer is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await OnServerAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
        }
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class TestActors(IActorSource real, ModuleList modules, IServiceScopeFactory scopes) : IActorSource
    {
        public ValueTask<Actor?> OfAccountAsync(Guid accountId, string stamp, CancellationToken cancellation = default) => real.OfAccountAsync(accountId, stamp, cancellation);

        public ValueTask<Actor?> OfKeyAsync(string key, CancellationToken cancellation = default)
        {
            if (key.Split(':') is ["account", var name]) return AccountAsync(name, cancellation);
            if (key.Split(':') is not ["test", var role, var place]) return real.OfKeyAsync(key, cancellation);
            var permissions = role == BuiltInRoles.Administrator ? ["*"]
                : modules.All.SelectMany(m => m.Permissions).Where(p => p.Roles.Contains(role)).Select(p => p.Code).ToImmutableHashSet();
            return ValueTask.FromResult<Actor?>(new Actor(IdOf(role, place), $"test {role}", ActorKind.Person, null, [new Grant(role, null, place, permissions)]));
        }

        private async ValueTask<Actor?> AccountAsync(string name, CancellationToken cancellation)
        {
            await using var scope = scopes.CreateAsyncScope();
            var account = await scope.ServiceProvider.GetRequiredService<Liren.Identity.Data.IdentityDb>().Accounts.AsNoTracking().SingleAsync(a => a.UserName == name, cancellation);
            return await real.OfAccountAsync(account.Id, account.Stamp, cancellation);
        }
    }
}
