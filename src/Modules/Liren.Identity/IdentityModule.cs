using System.CommandLine;
using Liren.Contracts.Identity;
using Liren.Identity.Data;
using Liren.Identity.Domain;
using Liren.Identity.Features;
using Liren.Identity.Pages;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Operations;
using Liren.Sdk.Security;
using Liren.Sdk.Ui;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Identity;

/// <summary>Identity (身份): accounts, roles, keys, sign-in, access log, journal.</summary>
public sealed class IdentityModule : Module
{
    /// <inheritdoc/>
    public override string Name => "identity";

    /// <inheritdoc/>
    public override int DemoOrder => 15;

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("identity.accounts"), new("identity.roles"), new("identity.keys"),
        new("identity.access-log", Auditor), new("identity.journal", Auditor, StreetLeader),
        new("identity.me", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Guard, Auditor, Resident),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.system", "identity.nav.accounts", "/identity/accounts", "identity.accounts", 900),
        new("nav.system", "identity.nav.roles", "/identity/roles", "identity.roles", 910),
        new("nav.system", "identity.nav.keys", "/identity/keys", "identity.keys", 920),
        new("nav.audit", "identity.nav.journal", "/identity/journal", "identity.journal", 800),
        new("nav.audit", "identity.nav.access", "/identity/access-log", "identity.access-log", 810),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<IdentityDb, IdentityDb.Sqlite, IdentityDb.Postgres>();
        var services = builder.Services;
        services.AddSingleton<ActorSource>();
        services.AddSingleton<IActorSource>(s => s.GetRequiredService<ActorSource>());
        services.AddSingleton<AccessLogStore>();
        services.AddSingleton<IAccessLog>(s => s.GetRequiredService<AccessLogStore>());
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.AddScoped<SignIn>();
        services.AddScoped<Join>();
        services.AddScoped<IAccountDirectory, AccountDirectory>();
        services.AddScoped<IPersonAccounts, PersonLinks>();
        services.AddScoped<IAccessHistory, PersonLinks>();
        services.AddScoped<IKeyRing, KeyRing>();
        services.AddScoped<ISearchSource, SearchAccounts>();
        services.AddScoped<ICheck, AccessLogCheck>();
    }

    /// <inheritdoc/>
    public override void MapPages(IEndpointRouteBuilder site) => SignInPages.Map(site);

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => IdentityVerbs.All(host);

    /// <inheritdoc/>
    public override async Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var accounts = services.GetRequiredService<IAccountDirectory>();
        if (await accounts.EnsureAsync(new("admin", "系统管理员", null, Administrator, ""), cancellation) is { } password) DemoAccounts.Add("admin", password, "系统管理员");
    }
}
