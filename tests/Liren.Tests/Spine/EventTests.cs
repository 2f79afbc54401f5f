using Liren.Sdk;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Spine;

public sealed class EventTests(RingingApp app) : IClassFixture<RingingApp>
{
    private static string Name([System.Runtime.CompilerServices.CallerMemberName] string test = "") => test;

    [Fact]
    public async Task An_event_reaches_every_handler_once()
    {
        await app.RingAsync(Name());
        await app.SettleAsync();
        await app.SettleAsync();
        (await app.CountAsync("first", Name())).ShouldBe(1);
        (await app.CountAsync("second", Name())).ShouldBe(1);
        (await app.CountAsync("stumble", Name())).ShouldBe(1);
        (await app.AskAsync(db => db.Outbox.CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task A_crash_between_a_handler_and_the_end_of_delivery_doubles_nothing()
    {
        await app.RingAsync(Name());
        var id = await app.AskAsync(db => db.Journal.Where(j => j.Body.Contains(Name())).Select(j => j.Id).SingleAsync());
        await app.SettleAsync();
        // As a crash leaves it: handled, but still waiting in the outbox.
        await app.AskAsync(db => { db.Outbox.Add(new OutboxMessage { Id = id, At = app.Clock.GetUtcNow() }); return db.SaveChangesAsync(); });
        await app.SettleAsync();
        (await app.CountAsync("first", Name())).ShouldBe(1);
        (await app.CountAsync("stumble", Name())).ShouldBe(1);
    }

    [Fact]
    public async Task A_handler_that_fails_leaves_nothing_and_is_tried_again_alone()
    {
        // What another test left in the outbox must not stumble in its place.
        await app.SettleAsync();
        app.Services.GetRequiredService<Stumbles>().Left = 2;
        await app.RingAsync(Name());
        await app.SettleAsync();
        (await app.CountAsync("first", Name())).ShouldBe(1);
        (await app.CountAsync("stumble", Name())).ShouldBe(0);
        (await app.AskAsync(db => db.Outbox.SingleAsync())).LastError.ShouldBe("stumbled");
        await app.PassAsync(TimeSpan.FromSeconds(3));
        (await app.CountAsync("stumble", Name())).ShouldBe(0);
        await app.PassAsync(TimeSpan.FromSeconds(10));
        (await app.CountAsync("stumble", Name())).ShouldBe(1);
        (await app.CountAsync("first", Name())).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_rolled_back_was_never_said()
    {
        await app.AskAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Raise(new Rang(Name(), app.Clock.GetUtcNow()));
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
            return 0;
        });
        await app.SettleAsync();
        (await app.CountAsync("first", Name())).ShouldBe(0);
        (await app.AskAsync(db => db.Journal.CountAsync(j => j.Body.Contains(Name())))).ShouldBe(0);
    }

    [Fact]
    public async Task A_timer_fires_once_when_due_and_names_its_cause()
    {
        var due = app.Clock.GetUtcNow().AddMinutes(1);
        await app.RingAsync("cause " + Name(), db => db.ScheduleAsync(Name(), due, new Rang(Name(), due)));
        await app.PassAsync(TimeSpan.FromSeconds(59));
        (await app.CountAsync("first", Name())).ShouldBe(0);
        await app.PassAsync(TimeSpan.FromSeconds(2));
        await app.PassAsync(TimeSpan.FromHours(1));
        (await app.CountAsync("first", Name())).ShouldBe(1);
        (await app.AskAsync(db => db.Timers.CountAsync(t => t.Key == Name()))).ShouldBe(0);
    }

    [Fact]
    public async Task A_timer_planned_again_moves_and_a_cancelled_one_never_fires()
    {
        var due = app.Clock.GetUtcNow().AddMinutes(1);
        await app.RingAsync("x", db => db.ScheduleAsync(Name(), due, new Rang(Name() + 1, due)));
        await app.RingAsync("x", db => db.ScheduleAsync(Name(), due.AddMinutes(5), new Rang(Name() + 2, due)));
        await app.RingAsync("x", db => db.ScheduleAsync(Name() + "3", due, new Rang(Name() + 3, due)));
        await app.RingAsync("x", db => db.CancelTimerAsync(Name() + "3"));
        await app.PassAsync(TimeSpan.FromMinutes(2));
        (await app.CountAsync("first", Name() + 2)).ShouldBe(0);
        await app.PassAsync(TimeSpan.FromMinutes(5));
        (await app.CountAsync("first", Name() + 1)).ShouldBe(0);
        (await app.CountAsync("first", Name() + 2)).ShouldBe(1);
        (await app.CountAsync("first", Name() + 3)).ShouldBe(0);
    }

    [Fact]
    public async Task The_journal_cannot_be_changed_or_shortened()
    {
        await app.RingAsync(Name());
        await Should.ThrowAsync<InvalidOperationException>(() => app.AskAsync(async db =>
        {
            db.Journal.Remove(await db.Journal.OrderBy(j => j.Seq).FirstAsync());
            return await db.SaveChangesAsync();
        }));
    }

    [Fact]
    public void No_source_file_deletes_or_updates_the_journal() =>
        Sources.Files("*.cs").Where(f => System.Text.RegularExpressions.Regex.IsMatch(f.Text, @"Journal\s*\.\s*(Remove|ExecuteDelete|ExecuteUpdate)|(DELETE\s+FROM|UPDATE)\s+""?sdk_journal", System.Text.RegularExpressions.RegexOptions.IgnoreCase))
            .Select(f => f.Name).ShouldBeEmpty();

    [Fact]
    public async Task A_commit_wakes_the_pump_so_that_events_in_a_chain_do_not_wait_for_the_poll()
    {
        using var pump = ActivatorUtilities.CreateInstance<EventPump>(app.Services);
        await pump.StartAsync(TestContext.Current.CancellationToken);
        var heard = new SemaphoreSlim(0);
        using var ear = LiveBus.Shared.Listen(n => { if (n.Type == nameof(Rang)) heard.Release(); });
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        // Forty one after another: waiting for a poll of one second each time would take longer than the time given.
        for (var i = 0; i < 40; i++)
        {
            await app.RingAsync(Name() + i);
            await heard.WaitAsync(late.Token);
        }
        await pump.StopAsync(TestContext.Current.CancellationToken);
        (await app.CountAsync("first", Name() + 39)).ShouldBe(1);
    }

    [Fact]
    public void An_edit_of_something_changed_meanwhile_is_refused()
    {
        new Liren.Sdk.Web.IfMatch(null).ShouldSatisfyAllConditions(m => Should.Throw<RuleBrokenException>(() => m.Check(new Thing())).Status.ShouldBe(428));
        new Liren.Sdk.Web.IfMatch(3).ShouldSatisfyAllConditions(m => Should.Throw<RuleBrokenException>(() => m.Check(new Thing())).Status.ShouldBe(412));
        new Liren.Sdk.Web.IfMatch(0).Check(new Thing());
    }

    private sealed class Thing : Entity;
}
