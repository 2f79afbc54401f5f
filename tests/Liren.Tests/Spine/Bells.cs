using Liren.Contracts;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Spine;

/// <summary>An event of the tests: somebody rang.</summary>
public sealed record Rang(string Who, DateTimeOffset At) : IEvent;

/// <summary>Writes down each ring it hears, as one row.</summary>
internal sealed class NotesRings(SdkDb db) : IHandle<Rang>
{
    public async Task HandleAsync(Rang @event, CancellationToken cancellation)
    {
        // Saved early, then more: both must commit or neither.
        db.Settings.Add(new Setting { Key = $"first {@event.Who} {Guid.CreateVersion7():N}", Value = "" });
        await db.SaveChangesAsync(cancellation);
        db.Settings.Add(new Setting { Key = $"second {@event.Who} {Guid.CreateVersion7():N}", Value = "" });
    }
}

/// <summary>Fails as often as it was told, after having written.</summary>
internal sealed class StumblesOnRings(SdkDb db, Stumbles stumbles) : IHandle<Rang>
{
    public async Task HandleAsync(Rang @event, CancellationToken cancellation)
    {
        db.Settings.Add(new Setting { Key = $"stumble {@event.Who} {Guid.CreateVersion7():N}", Value = "" });
        await db.SaveChangesAsync(cancellation);
        if (stumbles.Left-- > 0) throw new InvalidOperationException("stumbled");
    }
}

/// <summary>How often to fail.</summary>
internal sealed class Stumbles
{
    public int Left { get; set; }
}

/// <summary>The program with two handlers of <see cref="Rang"/>.</summary>
public sealed class RingingApp : LirenApp
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services
            .AddSingleton<Stumbles>()
            .AddSingleton<IEventRoute, EventRoute<Rang, NotesRings, SdkDb>>()
            .AddSingleton<IEventRoute, EventRoute<Rang, StumblesOnRings, SdkDb>>());
    }

    internal Task RingAsync(string who, Func<SdkDb, Task>? more = null) => InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<SdkDb>();
        db.Raise(new Rang(who, Clock.GetUtcNow()));
        if (more is not null) await more(db);
        return await db.SaveChangesAsync();
    });

    /// <summary>How often an effect is found.</summary>
    internal Task<int> CountAsync(string effect, string who) => InScopeAsync(s => s.GetRequiredService<SdkDb>().Settings.CountAsync(x => x.Key.StartsWith($"{effect} {who} ")));

    internal Task<T> AskAsync<T>(Func<SdkDb, Task<T>> ask) => InScopeAsync(s => ask(s.GetRequiredService<SdkDb>()));
}
