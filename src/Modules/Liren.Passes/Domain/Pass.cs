using System.Security.Cryptography;
using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Sdk.Security;
using Liren.Sdk;

namespace Liren.Passes.Domain;

/// <summary>What is needed to make a pass.</summary>
/// <param name="Id">Id of the new pass.</param>
/// <param name="Community">Path of the community that issues it.</param>
/// <param name="Compound">Path of the compound it opens.</param>
/// <param name="Room">Path of the holder's room, or of the compound; decides who may see it.</param>
/// <param name="PersonId">Who holds it; null for visitors, couriers and vehicles.</param>
/// <param name="Name">Masked name.</param>
/// <param name="Unit">Room as people call it.</param>
/// <param name="IdTail">Last four of the document number.</param>
/// <param name="Kind">Whom it is for.</param>
/// <param name="Form">How it is carried.</param>
/// <param name="From">Valid from.</param>
/// <param name="Until">Valid to, inclusive.</param>
internal sealed record PassDraft(Guid Id, string Community, string Compound, string Room, Guid? PersonId, string Name, string? Unit, string? IdTail, PassKind Kind, PassForm Form, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>Gates it opens, one bit each; 0: all.</summary>
    public long Gates { get; init; }
    /// <summary>Minutes of the day it opens between; null: always.</summary>
    public (int From, int To)? Hours { get; init; }
    /// <summary>How often it may be used to enter.</summary>
    public int? MostUses { get; init; }
    /// <summary>Number plate.</summary>
    public string? Plate { get; init; }
    /// <summary>Room a visitor goes to.</summary>
    public string? HostUnit { get; init; }
    /// <summary>Who carries it for the holder (代持人), or invited the visitor (被访住户).</summary>
    public Guid? Keeper { get; init; }
    /// <summary>What only the office may open: a visitor's name, telephone, reason; encrypted.</summary>
    public byte[]? Sealed { get; init; }
}

/// <summary>A pass (出入证). Its code is signed anew from these claims whenever it is printed or fetched; the code itself is kept nowhere.</summary>
internal sealed class Pass : Entity
{
    /// <summary>Longest life of each form, days: paper is copied more easily than a phone.</summary>
    public static int MostDays(PassForm form) => form switch { PassForm.Paper => 14, PassForm.Phone => 90, _ => 1 };

    /// <summary>Characters of a card's number: 29^8 possibilities.</summary>
    public const int SerialLength = 8;

    /// <summary>Reason in the history of a pass issued to everybody the register names at a place.</summary>
    public const string ByRegister = "按名册批量";

    private readonly List<PassChange> changes = [];

    private Pass() { }

    /// <summary>8 random bytes as hex: the only identity in the code.</summary>
    public string Cti { get; private init; } = "";
    /// <summary>Number on the card, to be typed by hand: eight digits and letters without look-alikes.</summary>
    public string Serial { get; private init; } = "";
    public PassKind Kind { get; private init; }
    public PassForm Form { get; private init; }
    public PassState State { get; private set; }
    public string CommunityPath { get; private init; } = "";
    public string CompoundPath { get; private init; } = "";
    /// <summary>Room or compound: who may see the pass.</summary>
    public string PlacePath { get; private init; } = "";
    public Guid? PersonId { get; private init; }
    public string Name { get; private init; } = "";
    public string? Unit { get; private init; }
    public string? IdTail { get; private init; }
    public long Gates { get; private init; }
    /// <summary>Who carries it for the holder (代持人), or invited the visitor (被访住户).</summary>
    public Guid? KeeperId { get; private init; }
    /// <summary>A visitor's name, telephone and reason, encrypted; gone some days after the visit.</summary>
    public byte[]? Sealed { get; private init; }
    public DateTimeOffset From { get; private set; }
    public DateTimeOffset Until { get; private set; }
    public int? FromMinute { get; private init; }
    public int? ToMinute { get; private init; }
    public int? MostUses { get; private init; }
    public string? Plate { get; private init; }
    public string? HostUnit { get; private init; }
    /// <summary>Public key of the phone, x‖y as hex; null until a phone is enrolled.</summary>
    public string? DeviceKey { get; private set; }
    public DateTimeOffset IssuedAt { get; private set; }
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>What happened to it, oldest first.</summary>
    public IReadOnlyList<PassChange> Changes => changes;

    /// <summary>Makes a pass that is good at once; a batch announces itself by one event of its own.</summary>
    public static Pass Issue(PassDraft draft, string actor, DateTimeOffset now, bool announce = true, string? reason = null)
    {
        var pass = Make(draft, PassState.Active, now);
        pass.Note(null, PassState.Active, actor, reason, now, announce);
        return pass;
    }

    /// <summary>Asks for a pass (申请): it is good for nothing until somebody agrees.</summary>
    public static Pass Request(PassDraft draft, string note, string actor, DateTimeOffset now)
    {
        var pass = Make(draft, PassState.Requested, now);
        pass.Note(null, PassState.Requested, actor, note, now, announce: true);
        return pass;
    }

    private static Pass Make(PassDraft draft, PassState state, DateTimeOffset now)
    {
        Rule.Require(draft.Until > draft.From, "passes.until", "until");
        Rule.Require(draft.Until > now, "passes.until-past", "until");
        Rule.Require(draft.Until - draft.From <= TimeSpan.FromDays(MostDays(draft.Form)), "passes.too-long", "until", MostDays(draft.Form));
        Rule.Require(draft.Name.Length is > 0 and <= 40, "passes.name", "name");
        Rule.Require(draft.Hours is null || draft.Hours is { From: >= 0 and < 1440, To: > 0 and <= 1440 } h && h.From != h.To, "passes.hours", "hours");
        Rule.Require(draft.MostUses is null or (>= 1 and <= 1000), "passes.uses", "mostUses");
        Rule.Require(draft.Kind != PassKind.Vehicle || draft.Plate is not null, "passes.plate-missing", "plate");
        return new()
        {
            Id = draft.Id, Cti = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), Serial = HumanCode.New(SerialLength), Kind = draft.Kind, Form = draft.Form, State = state,
            CommunityPath = draft.Community, CompoundPath = draft.Compound, PlacePath = draft.Room, PersonId = draft.PersonId, Name = draft.Name, Unit = draft.Unit, IdTail = draft.IdTail,
            Gates = draft.Gates, From = draft.From, Until = draft.Until, FromMinute = draft.Hours?.From, ToMinute = draft.Hours?.To, MostUses = draft.MostUses, Plate = draft.Plate,
            HostUnit = draft.HostUnit, KeeperId = draft.Keeper, Sealed = draft.Sealed, IssuedAt = now, ChangedAt = now,
        };
    }

    /// <summary>同意: from now on, as long as was asked for.</summary>
    public void Approve(string reason, string actor, DateTimeOffset now)
    {
        var life = Until - From;
        Move(PassState.Active, reason, actor, now, PassState.Requested);
        (From, Until, IssuedAt) = (now, now + life, now);
    }

    /// <summary>驳回, or withdrawn by whoever asked.</summary>
    public void Reject(string reason, string actor, DateTimeOffset now) => Move(PassState.Rejected, reason, actor, now, PassState.Requested);

    /// <summary>Whether it opens the gate of this bit.</summary>
    public bool Opens(int bit) => Gates == 0 || (Gates >> bit & 1) == 1;

    /// <summary>Whether it is this resident's own, or carried by them for somebody.</summary>
    public bool IsOf(Guid person) => PersonId == person || KeeperId == person;

    /// <summary>暂停.</summary>
    public void Suspend(string reason, string actor, DateTimeOffset now) => Move(PassState.Suspended, reason, actor, now, PassState.Active);

    /// <summary>恢复.</summary>
    public void Resume(string reason, string actor, DateTimeOffset now)
    {
        Rule.State(Until > now, "passes.expired");
        Move(PassState.Active, reason, actor, now, PassState.Suspended);
    }

    /// <summary>吊销, for good.</summary>
    public void Revoke(string reason, string actor, DateTimeOffset now) => Move(PassState.Revoked, reason, actor, now, PassState.Active, PassState.Suspended);

    /// <summary>Another pass takes its place.</summary>
    public void Replace(string reason, string actor, DateTimeOffset now) => Move(PassState.Replaced, reason, actor, now, PassState.Active);

    /// <summary>Its time is over.</summary>
    public void Expire(DateTimeOffset now) => Move(PassState.Expired, "", "system", now, PassState.Active, PassState.Suspended);

    /// <summary>Binds it to a phone, once: another phone gets another pass, or the code of the phone before would stay good offline.</summary>
    /// <param name="key">Public key, x‖y of P-256 as hex.</param>
    public void Enrol(string key)
    {
        Rule.State(State == PassState.Active, "passes.not-active");
        Rule.State(Form == PassForm.Phone && DeviceKey is null, "passes.has-device");
        Rule.Require(key.Length == 128 && key.All(char.IsAsciiHexDigit), "passes.device-key", "key");
        var point = Convert.FromHexString(key);
        Rule.Require(VerifyingKey.FromPoint(point.AsSpan(0, 32), point.AsSpan(32)) is not null, "passes.device-key", "key");
        DeviceKey = Convert.ToHexStringLower(point);
    }

    private void Move(PassState to, string reason, string actor, DateTimeOffset now, params PassState[] from)
    {
        Rule.State(from.Contains(State), "passes.state");
        Rule.Require(actor == "system" || reason.Trim().Length is > 0 and <= 200, "passes.reason", "reason");
        var before = State;
        State = to;
        ChangedAt = now;
        Note(before, to, actor, reason.Trim(), now, announce: true);
    }

    private void Note(PassState? from, PassState to, string actor, string? reason, DateTimeOffset now, bool announce)
    {
        changes.Add(new PassChange { PassId = Id, At = now, Actor = actor, From = from, To = to, Reason = reason });
        if (announce) Raise(new PassMoved(Id, CompoundPath, from, to, now));
    }

    /// <summary>What its code says when it is signed now; a phone's pass has none before a phone is enrolled.</summary>
    public PassClaims ToClaims(DateTimeOffset now) => new()
    {
        Issuer = CommunityPath, Cti = Cti, IssuedAt = now.ToUnixTimeSeconds(), NotBefore = From > now ? From.ToUnixTimeSeconds() : null, Expires = Until.ToUnixTimeSeconds(),
        Compound = CompoundPath, Unit = Unit, Name = Name, Kind = Kind, Form = Form, Gates = (ulong)Gates, IdTail = IdTail, FromMinute = FromMinute, ToMinute = ToMinute,
        MostUses = MostUses, Plate = Plate, HostUnit = HostUnit, DeviceKey = Form == PassForm.Phone ? DeviceKey : null,
    };
}

/// <summary>One change of a pass: who, when, why.</summary>
internal sealed class PassChange
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid PassId { get; init; }
    public DateTimeOffset At { get; init; }
    public string Actor { get; init; } = "";
    public PassState? From { get; init; }
    public PassState To { get; init; }
    public string? Reason { get; init; }
}
