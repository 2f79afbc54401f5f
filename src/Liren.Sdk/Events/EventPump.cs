using Liren.Contracts;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Sdk.Events;

/// <summary>Handles an event inside the handling module's own transaction; exactly one effect, however often it is delivered.</summary>
public interface IHandle<in TEvent> where TEvent : IEvent
{
    /// <summary>Changes the module's context; the route saves. Must not save to other stores.</summary>
    Task HandleAsync(TEvent @event, CancellationToken cancellation);
}

/// <summary>
/// Passes an event on to a store of its own, outside any transaction: an event may come twice and must be taken once, by its id.
/// </summary>
public interface IRelay<in TEvent> where TEvent : IEvent
{
    /// <summary>Passes it on; on disk there when it returns.</summary>
    Task RelayAsync(TEvent @event, Guid messageId, CancellationToken cancellation);
}

/// <summary>One handler of one event.</summary>
public interface IEventRoute
{
    /// <summary>Event type handled; <see cref="IEvent"/> itself hears of every event.</summary>
    Type EventType { get; }
    /// <summary>Name of the handler in the inbox.</summary>
    string Handler { get; }
    /// <summary>Delivers unless the inbox says it was.</summary>
    Task DeliverAsync(IServiceProvider scope, Guid messageId, IEvent @event, CancellationToken cancellation);
}

internal sealed class EventRoute<TEvent, THandler, TDb>(TimeProvider clock) : IEventRoute
    where TEvent : IEvent where THandler : IHandle<TEvent> where TDb : ModuleDb
{
    public Type EventType => typeof(TEvent);
    public string Handler => typeof(THandler).FullName!;

    public async Task DeliverAsync(IServiceProvider scope, Guid messageId, IEvent @event, CancellationToken cancellation)
    {
        var db = scope.GetRequiredService<TDb>();
        if (await db.Inbox.AnyAsync(m => m.MessageId == messageId && m.Handler == Handler, cancellation)) return;
        // Mark and changes commit together, also when the handler saves more than once.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await ActivatorUtilities.CreateInstance<THandler>(scope).HandleAsync((TEvent)@event, cancellation);
        db.Inbox.Add(new InboxMark { MessageId = messageId, Handler = Handler, At = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}

// No transaction: the store that takes the event may be the same database, and would wait for it for ever.
internal sealed class RelayRoute<TEvent, TRelay> : IEventRoute where TEvent : IEvent where TRelay : IRelay<TEvent>
{
    public Type EventType => typeof(TEvent);
    public string Handler => typeof(TRelay).FullName!;

    public Task DeliverAsync(IServiceProvider scope, Guid messageId, IEvent @event, CancellationToken cancellation) =>
        ActivatorUtilities.CreateInstance<TRelay>(scope).RelayAsync((TEvent)@event, messageId, cancellation);
}

/// <summary>Wakes the pump after a commit that wrote events or timers.</summary>
public static class CommitSignal
{
    private static readonly List<WeakReference<SemaphoreSlim>> Sleepers = [];

    /// <summary>Wakes every pump of this process.</summary>
    public static void Wake()
    {
        lock (Sleepers)
            for (var i = Sleepers.Count - 1; i >= 0; i--)
                if (!Sleepers[i].TryGetTarget(out var sleeper)) Sleepers.RemoveAt(i);
                else if (sleeper.CurrentCount == 0) sleeper.Release();
    }

    internal static SemaphoreSlim Sleeper()
    {
        var sleeper = new SemaphoreSlim(0);
        lock (Sleepers) Sleepers.Add(new(sleeper));
        return sleeper;
    }
}

/// <summary>
/// Hands journal entries to every handler, oldest first, and makes timers happen. Woken by commit and by the next due
/// timer; the poll is only a safety net for writes of other processes (CLI verbs).
/// </summary>
public sealed class EventPump(IServiceScopeFactory scopes, IEnumerable<IEventRoute> routes, TimeProvider clock, ILogger<EventPump> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private readonly ILookup<Type, IEventRoute> routes = routes.ToLookup(r => r.EventType);
    private readonly SemaphoreSlim sleeper = CommitSignal.Sleeper();
    private readonly SemaphoreSlim one = new(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Poll;
            try
            {
                while (await PumpOnceAsync(stoppingToken) > 0) { }
                pause = await UntilNextDueAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "Event pump failed; trying again");
            }
            try { await sleeper.WaitAsync(pause, stoppingToken); }
            catch (OperationCanceledException) { return; }
        }
    }

    /// <summary>Delivers what waits now and fires due timers; returns how much was done.</summary>
    public async Task<int> PumpOnceAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try { return await FireTimersAsync(cancellation) + await DeliverAsync(cancellation); }
        finally { one.Release(); }
    }

    // A deadline is kept to the millisecond, not to the next poll.
    private async Task<TimeSpan> UntilNextDueAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SdkDb>();
        if (await db.Timers.MinAsync(t => (DateTimeOffset?)t.Due, cancellation) is not { } due) return Poll;
        var left = due - clock.GetUtcNow();
        return left >= Poll ? Poll : left <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
    }

    private async Task<int> FireTimersAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SdkDb>();
        var now = clock.GetUtcNow();
        var due = await db.Timers.Where(t => t.Due <= now).OrderBy(t => t.Due).Take(500).ToListAsync(cancellation);
        foreach (var timer in due)
        {
            // The deadline is the cause's time plus a rule, so the event happens at its due time even when we are late.
            var entry = new JournalEntry
            {
                At = now, Module = timer.Module, Type = timer.Type, Body = timer.Body, Actor = Actor.System.Name, Cause = timer.Cause,
                Place = Peek(timer)?.Place, Subject = Peek(timer)?.Subject,
            };
            db.Journal.Add(entry);
            db.Outbox.Add(new OutboxMessage { Id = entry.Id, At = now });
            db.Timers.Remove(timer);
        }
        if (due.Count > 0) await db.SaveChangesAsync(cancellation);
        return due.Count;
    }

    private static IEvent? Peek(TimerRow timer) =>
        System.Text.Json.JsonSerializer.Deserialize(timer.Body, EventTypes.Find(timer.Type), EventTypes.Json) as IEvent;

    private async Task<int> DeliverAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SdkDb>();
        var now = clock.GetUtcNow();
        var waiting = await (from o in db.Outbox
                             join j in db.Journal.AsNoTracking() on o.Id equals j.Id
                             where o.NotBefore == null || o.NotBefore <= now
                             orderby j.Seq
                             select new { Message = o, Entry = j }).Take(200).ToListAsync(cancellation);
        var done = 0;
        foreach (var item in waiting)
        {
            try
            {
                var @event = item.Entry.Read();
                foreach (var route in routes[@event.GetType()].Concat(routes[typeof(IEvent)]))
                {
                    await using var handling = scopes.CreateAsyncScope();
                    using var _ = Actor.Use(Actor.System);
                    Causes.Current = item.Entry.Id;
                    await route.DeliverAsync(handling.ServiceProvider, item.Entry.Id, @event, cancellation);
                }
                db.Outbox.Remove(item.Message);
                done++;
                LiveBus.Shared.Publish(new LiveNote(item.Entry.Type[(item.Entry.Type.LastIndexOf('.') + 1)..], item.Entry.Place, item.Entry.Subject));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                item.Message.Tries++;
                item.Message.NotBefore = now + TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, item.Message.Tries)));
                item.Message.LastError = e.Message;
                // The query does not track: without this the pause would be forgotten and the event tried again at once, for ever.
                db.Outbox.Update(item.Message);
                log.LogWarning(e, "Event {Type} {Id} failed, try {Tries}", item.Entry.Type, item.Entry.Id, item.Message.Tries);
            }
            finally { Causes.Current = null; }
            await db.SaveChangesAsync(cancellation);
        }
        return done;
    }
}

/// <summary>Registers event handlers.</summary>
public static class EventServices
{
    /// <summary>Handles an event of any module within <typeparamref name="TDb"/>.</summary>
    public static IHostApplicationBuilder On<TEvent, THandler, TDb>(this IHostApplicationBuilder builder)
        where TEvent : IEvent where THandler : IHandle<TEvent> where TDb : ModuleDb
    {
        builder.Services.AddSingleton<IEventRoute, EventRoute<TEvent, THandler, TDb>>();
        return builder;
    }

    /// <summary>Passes an event of any module on to a store of its own.</summary>
    public static IHostApplicationBuilder Relay<TEvent, TRelay>(this IHostApplicationBuilder builder) where TEvent : IEvent where TRelay : IRelay<TEvent>
    {
        builder.Services.AddSingleton<IEventRoute, RelayRoute<TEvent, TRelay>>();
        return builder;
    }
}
