using FsCheck;
using FsCheck.Fluent;
using Liren.Contracts.Modes;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Modes.Domain;
using Liren.Sdk;

namespace Liren.Tests.Modes;

/// <summary>The rules of orders, and which mode follows from any set of them at any instant.</summary>
public sealed class ModeMapTests
{
    private static readonly DateTimeOffset Noon = new(2020, 1, 24, 4, 0, 0, TimeSpan.Zero);
    private static readonly Signer Leader = new(Guid.CreateVersion7(), "周敏"), Duty = new(Guid.CreateVersion7(), "陈立");
    private static readonly string[] Areas = ["31", "31.01", "31.01.15", "31.01.15.016", "31.01.150", "61.06"];
    private static readonly string[] Codes = [Collections.GateTemperature, Collections.Itinerary, Collections.Contacts];

    private static ModeOrder Order(string area = "31.01.15", int days = 14, DateTimeOffset? from = null, ModeOrder? renews = null, string no = "令1", params ExtraCollection[] collections) =>
        ModeOrder.Propose(Guid.CreateVersion7(), new(area, Level.III, no, "街道办", "突发事件应对法", "疫情", from ?? Noon, (from ?? Noon).AddDays(days), collections), renews, Leader, Noon);

    private static ModeOrder Signed(ModeOrder order, DateTimeOffset? at = null)
    {
        order.Sign(Duty, at ?? Noon);
        return order;
    }

    private static string Broken(Action act) => Should.Throw<RuleBrokenException>(act).Code;

    /// <summary>An order as a story of hours: when it begins, how long it holds, when it is cut.</summary>
    private sealed record Story(int Area, int From, int Hours, int? Cut, int Extra);

    private static Gen<Story> Stories =>
        from area in Gen.Choose(0, Areas.Length - 1)
        from start in Gen.Choose(0, 29 * 24)
        from hours in Gen.Choose(1, 30 * 24)
        from cut in Gen.Choose(-30 * 24, 59 * 24)
        from extra in Gen.Choose(0, 7)
        select new Story(area, start, hours, cut <= start ? null : cut, extra);

    private static ModeOrder Tell(Story story)
    {
        var order = ModeOrder.Propose(Guid.CreateVersion7(), new(Areas[story.Area], Level.IV, "令", "机关", "依据", "原因", Noon.AddHours(story.From), Noon.AddHours(story.From + story.Hours),
            [.. Codes.Where((_, i) => (story.Extra & 1 << i) != 0).Select(c => ExtraCollection.Of(c, "用途", 14))]), null, Leader, Noon);
        order.Sign(Duty, Noon);
        if (story.Cut is { } cut && cut < story.From + story.Hours) order.Cut("止", "已平息", Leader, Noon.AddHours(cut));
        return order;
    }

    [Fact]
    public void At_every_instant_every_place_has_exactly_one_mode_and_it_is_that_of_the_deepest_latest_order() => Prop.ForAll(Stories.ListOf().ToArbitrary(), stories =>
    {
        var orders = stories.Select(Tell).ToList();
        var map = new ModeMap(orders.Select(Hold.Of));
        foreach (var place in Areas.Append("31.01.15.016.037.liren").Append("44"))
            for (var hour = -1; hour <= 60 * 24; hour += 13)
            {
                var at = Noon.AddHours(hour);
                // The oracle: walk all orders, no index, no inheritance trick.
                var over = orders.Where(o => o.StateAt(at) == OrderState.InForce && (place == o.AreaPath || place.StartsWith(o.AreaPath + ".", StringComparison.Ordinal))).ToList();
                var wanted = over.OrderByDescending(o => o.AreaPath.Length).ThenByDescending(o => o.StartsAt).ThenByDescending(o => o.Id).FirstOrDefault();
                var said = map.At(place, at);
                if (said.OrderId != wanted?.Id || said.Mode != (wanted is null ? Mode.Peace : Mode.Emergency)) return false;
                foreach (var code in Codes)
                    if (map.May(code, place, at).Allowed != over.Any(o => o.Collections.Any(c => c.Code == code))) return false;
            }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void No_order_holds_beyond_thirty_days_whatever_is_done_to_it() => Prop.ForAll(Stories.ToArbitrary(), story =>
    {
        var order = Tell(story);
        return order.EndsAt - order.From <= TimeSpan.FromDays(30) && order.StateAt(order.From.AddDays(30)) is OrderState.Ended && (order.Close(order.From.AddDays(30)).Count == (order.EverHeld ? order.Collections.Count : 0));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_place_whose_name_begins_alike_is_not_inside() =>
        new ModeMap([Hold.Of(Signed(Order("31.01.15")))]).At("31.01.150", Noon).Mode.ShouldBe(Mode.Peace);

    [Fact]
    public void An_order_holds_to_the_instant_of_its_end_and_not_a_tick_longer()
    {
        var order = Signed(Order());
        var map = new ModeMap([Hold.Of(order)]);
        map.At("31.01.15.016", order.EndsAt.AddTicks(-1)).Mode.ShouldBe(Mode.Emergency);
        map.At("31.01.15.016", order.EndsAt).Mode.ShouldBe(Mode.Peace);
        map.At("31.01.15.016", Noon.AddTicks(-1)).Mode.ShouldBe(Mode.Peace);
    }

    [Fact]
    public void What_no_order_names_must_not_be_collected_and_the_leave_says_when_it_must_be_gone()
    {
        var map = new ModeMap([Hold.Of(Signed(Order("31", collections: ExtraCollection.Of(Collections.Itinerary, "来源", 7)))), Hold.Of(Signed(Order("31.01.15", 3, no: "令2")))]);
        // The deeper order decides the level; what the one above allows stays allowed.
        map.May(Collections.Itinerary, "31.01.15", Noon).ShouldBe(new CollectionLeave(true, map.At("31", Noon).OrderId, "来源", Noon.AddDays(14), Noon.AddDays(21)));
        map.May(Collections.Contacts, "31.01.15", Noon).Allowed.ShouldBeFalse();
        map.May(Collections.Itinerary, "31.01.15", Noon.AddDays(14)).Allowed.ShouldBeFalse();
    }

    [Theory]
    [InlineData(31, 0, "modes.to-far"), InlineData(0, 0, "modes.to-order"), InlineData(5, -2, "modes.from-past"), InlineData(5, 31, "modes.from-far"), InlineData(1, -1, "modes.to-order")]
    public void Times_that_cannot_be_are_refused(int days, int fromDays, string code) => Broken(() => Order(days: days, from: Noon.AddDays(fromDays))).ShouldBe(code);

    [Fact]
    public void Whoever_proposed_cannot_sign_and_nobody_signs_twice()
    {
        var order = Order();
        Broken(() => order.Sign(Leader, Noon)).ShouldBe("modes.same-person");
        order.StateAt(Noon).ShouldBe(OrderState.Proposed);
        Signed(order);
        Broken(() => order.Sign(Duty, Noon)).ShouldBe("modes.not-proposed");
    }

    [Fact]
    public void It_holds_from_the_second_signature_even_when_written_earlier_and_lapses_unsigned()
    {
        var order = Order(from: Noon.AddHours(-20));
        Signed(order, Noon.AddHours(2)).StartsAt.ShouldBe(Noon.AddHours(2));
        order.EndsAt.ShouldBe(Noon.AddHours(-20).AddDays(14));
        var unsigned = Order(days: 1);
        unsigned.StateAt(Noon.AddDays(1)).ShouldBe(OrderState.Lapsed);
        Broken(() => unsigned.Sign(Duty, Noon.AddDays(1))).ShouldBe("modes.not-proposed");
    }

    [Fact]
    public void A_renewal_is_a_new_order_for_the_same_place_without_a_gap()
    {
        var old = Signed(Order(days: 10));
        Broken(() => Order("31.01", renews: old, no: "令2")).ShouldBe("modes.renew-area");
        Broken(() => Order(from: Noon.AddDays(11), renews: old, no: "令2")).ShouldBe("modes.renew-gap");
        Broken(() => Order(renews: Order(), no: "令2")).ShouldBe("modes.renew-state");
        var next = Signed(Order(days: 30, from: Noon.AddDays(10), renews: old, no: "令2"));
        next.Begin(Noon.AddDays(10));
        next.BegunAt.ShouldNotBeNull();
        old.EndsAt.ShouldBe(Noon.AddDays(10));
        old.Cut("止", "已平息", Leader, Noon.AddDays(1));
        Broken(() => Order(from: Noon.AddDays(1), renews: old, no: "令3")).ShouldBe("modes.renew-state");
    }

    [Fact]
    public void Cut_before_it_began_it_never_held_and_nothing_is_to_be_destroyed()
    {
        var order = Signed(Order(from: Noon.AddDays(3), collections: ExtraCollection.Of(Collections.Itinerary, "来源", 7)));
        order.Cut("止", "风险解除", Leader, Noon.AddDays(1));
        order.EverHeld.ShouldBeFalse();
        order.Begin(Noon.AddDays(4));
        order.BegunAt.ShouldBeNull();
        order.Close(Noon.AddDays(4)).ShouldBeEmpty();
    }

    [Fact]
    public void Destruction_takes_two_names_and_the_certificate_shows_any_later_change()
    {
        var order = Signed(Order(days: 5, collections: [ExtraCollection.Of(Collections.GateTemperature, "测温", 14), ExtraCollection.Of(Collections.Itinerary, "来源", 0)]));
        var tasks = order.Close(Noon.AddDays(5));
        tasks.Select(t => t.Due).ShouldBe([Noon.AddDays(19), Noon.AddDays(5)]);
        order.Close(Noon.AddDays(6)).ShouldBeEmpty();
        foreach (var task in tasks)
        {
            Broken(() => task.Confirm(Duty, Noon.AddDays(6))).ShouldBe("modes.destruction-not-reported");
            Broken(() => task.Report(-1, "碎纸", Leader, Noon.AddDays(6))).ShouldBe("modes.destruction-count");
            task.Report(120, "碎纸", Leader, Noon.AddDays(6));
            Broken(() => task.Confirm(Leader, Noon.AddDays(6))).ShouldBe("modes.same-person");
            order.Certify(tasks, Noon.AddDays(6));
            order.CertificateNo.ShouldBeNull();
            task.Confirm(Duty, Noon.AddDays(6));
        }
        order.Certify(tasks, Noon.AddDays(6));
        order.CertificateSha.ShouldBe(Certificate.HashOf(order, tasks));
        tasks[0].Swept(Noon.AddDays(7));
        Certificate.HashOf(order, tasks).ShouldNotBe(order.CertificateSha);
    }

    [Fact]
    public void Asking_a_million_times_with_a_thousand_orders_takes_seconds_at_most()
    {
        var map = new ModeMap(Enumerable.Range(0, 1_000).Select(i => Hold.Of(Signed(Order($"31.01.15.{i % 250:D3}", no: $"令{i}")))));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var found = 0;
        for (var i = 0; i < 1_000_000; i++) if (map.At("31.01.15.016.037.liren.b3", Noon.AddDays(1)).Mode == Mode.Emergency) found++;
        found.ShouldBe(1_000_000);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(4));
    }
}
