using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Sdk.Security;
using Liren.Sdk;

namespace Liren.Passes.Domain;

/// <summary>What a terminal is, as the console edits it.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Maker">Who built it.</param>
/// <param name="Model">Which model.</param>
/// <param name="Adapter">How it speaks: the kind of an <see cref="Features.ITerminalAdapter"/>.</param>
/// <param name="Direction">Which way people go past it, where it does not say itself.</param>
internal sealed record TerminalDetails(string Name, string? Maker = null, string? Model = null, string Adapter = "liren", Direction Direction = Direction.In);

/// <summary>A terminal of another maker at a gate (人脸、二维码、刷卡一体机). It asks the server about each look, with a key of its own.</summary>
internal sealed class Terminal : Entity
{
    private Terminal() { }

    public Guid GateId { get; private init; }
    public string CompoundPath { get; private init; } = "";
    public string Name { get; private set; } = "";
    public string? Maker { get; private set; }
    public string? Model { get; private set; }
    public string Adapter { get; private set; } = "";
    public Direction Direction { get; private set; }
    /// <summary>Its device key, of which the identity module keeps the hash; null while it is disabled.</summary>
    public Guid? KeyId { get; private set; }
    public DateTimeOffset? LastSeenAt { get; private set; }
    /// <summary>What it said of itself at its last heartbeat.</summary>
    public string? Firmware { get; private set; }
    /// <summary>Number of the last change of its people; each enrolment carries the number of its own last change.</summary>
    public long PeopleSeq { get; private set; }

    /// <summary>Adds a terminal to a gate; it has a key from the start.</summary>
    public static Terminal Add(Guid id, Gate gate, TerminalDetails details, Guid key, DateTimeOffset now)
    {
        Rule.State(gate.ClosedAt is null, "passes.gate-closed");
        var terminal = new Terminal { Id = id, GateId = gate.Id, CompoundPath = gate.CompoundPath, KeyId = key };
        terminal.Set(details);
        terminal.Tell("added", now);
        return terminal;
    }

    /// <summary>Changes what it is.</summary>
    public void Edit(TerminalDetails details, DateTimeOffset now)
    {
        Set(details);
        Tell("edited", now);
    }

    /// <summary>Gives it another key, which also enables it again; returns the key to revoke.</summary>
    public Guid? Rekey(Guid key, DateTimeOffset now)
    {
        var before = KeyId;
        KeyId = key;
        Tell("new-key", now);
        return before;
    }

    /// <summary>Disables it; returns the key to revoke.</summary>
    public Guid? Disable(DateTimeOffset now)
    {
        Rule.State(KeyId is not null, "passes.terminal-disabled");
        var before = KeyId;
        KeyId = null;
        Tell("disabled", now);
        return before;
    }

    /// <summary>The number of the next change of its people.</summary>
    public long NextPeople() => ++PeopleSeq;

    /// <summary>Refuses a way of speaking that no adapter has; asked by the caller, who knows the adapters.</summary>
    public static void CheckDetails(TerminalDetails d, IEnumerable<string> adapters) => Rule.Require(adapters.Contains(d.Adapter), "passes.terminal-adapter", "adapter");

    private void Set(TerminalDetails d)
    {
        Rule.Require(d.Name?.Trim().Length is > 0 and <= 30, "passes.terminal-name", "name");
        Rule.Require((d.Maker ?? "").Length <= 40, "passes.terminal-maker", "maker");
        Rule.Require((d.Model ?? "").Length <= 40, "passes.terminal-maker", "model");
        (Name, Maker, Model, Adapter, Direction) = (d.Name!.Trim(), Given(d.Maker), Given(d.Model), d.Adapter, d.Direction);
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private void Tell(string what, DateTimeOffset now) => Raise(new TerminalChanged(Id, GateId, CompoundPath, what, now));
}

/// <summary>By what a terminal recognises somebody.</summary>
internal enum LookKind
{
    /// <summary>二维码.</summary>
    Qr,
    /// <summary>卡.</summary>
    Card,
    /// <summary>人脸.</summary>
    Face,
}

/// <summary>The consent (同意) under which a face is enrolled, as it was given.</summary>
/// <param name="By">self or guardian; a guardian for children under 14.</param>
/// <param name="Means">paper, spoken (before a witness) or online.</param>
/// <param name="Reference">Number of the paper.</param>
internal sealed record FaceConsent(string By, string Means, string? Reference = null);

/// <summary>
/// Somebody who may use a card or their face at a terminal (终端登记). The terminal keeps the face; here is only the number by which it knows the person. Stands
/// for the person's pass: without one that works it opens nothing.
/// </summary>
internal sealed class TerminalEnrolment : Entity
{
    private static readonly string[] Givers = ["self", "guardian"], AllMeans = ["paper", "spoken", "online"];

    private TerminalEnrolment() { }

    public Guid TerminalId { get; private init; }
    public string CompoundPath { get; private init; } = "";
    /// <summary>Who; their pass may change. Null for passes that belong to no registered person.</summary>
    public Guid? PersonId { get; private set; }
    /// <summary>The pass itself, where there is no person.</summary>
    public Guid? PassId { get; private set; }
    public LookKind Kind { get; private init; }
    /// <summary>The number by which the terminal knows the card or person.</summary>
    public string Subject { get; private init; } = "";
    public Guid? ConsentId { get; private init; }
    public DateTimeOffset? ConsentAt { get; private init; }
    public string? ConsentBy { get; private init; }
    public string? ConsentMeans { get; private init; }
    public string? ConsentReference { get; private set; }
    public string EnrolledBy { get; private init; } = "";
    public DateTimeOffset EnrolledAt { get; private init; }
    public DateTimeOffset? WithdrawnAt { get; private set; }
    /// <summary>Number of its last change, within its terminal.</summary>
    public long ChangeSeq { get; private set; }

    /// <summary>Enrols the holder of a pass.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="terminal">Where.</param>
    /// <param name="pass">A pass that works now: card and face only stand for it, so that nobody depends on a face.</param>
    /// <param name="kind">Card or face.</param>
    /// <param name="subject">The terminal's number for it; made when null.</param>
    /// <param name="consent">Needed for a face.</param>
    /// <param name="actor">Who enrols.</param>
    /// <param name="now">When.</param>
    public static TerminalEnrolment Enrol(Guid id, Terminal terminal, Pass? pass, LookKind kind, string? subject, FaceConsent? consent, string actor, DateTimeOffset now)
    {
        Rule.Require(kind is LookKind.Card or LookKind.Face, "passes.enrol-kind", "kind");
        Rule.State(terminal.KeyId is not null, "passes.terminal-disabled");
        Rule.State(pass is not null, kind == LookKind.Face ? "passes.face-only" : "passes.enrol-no-pass");
        Rule.Require(pass!.CompoundPath == terminal.CompoundPath, "passes.enrol-compound", "pass");
        var number = subject?.Trim();
        Rule.Require(kind == LookKind.Face || number is { Length: > 0 }, "passes.enrol-card", "subject");
        Rule.Require(number is null or { Length: > 0 and <= 32 } && (number ?? "").All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'), "passes.enrol-subject", "subject");
        Rule.Require(kind != LookKind.Face || consent is not null, "passes.face-consent", "consent");
        Rule.Require(consent is null || Givers.Contains(consent.By), "passes.consent-by", "consent.by");
        Rule.Require(consent is null || AllMeans.Contains(consent.Means), "passes.consent-means", "consent.means");
        Rule.Require(consent?.Reference is null or { Length: <= 60 }, "passes.consent-reference", "consent.reference");
        var enrolment = new TerminalEnrolment
        {
            Id = id, TerminalId = terminal.Id, CompoundPath = terminal.CompoundPath, PersonId = pass.PersonId, PassId = pass.PersonId is null ? pass.Id : null, Kind = kind, Subject = number ?? HumanCode.New(Pass.SerialLength),
            ConsentId = consent is null ? null : Guid.CreateVersion7(), ConsentAt = consent is null ? null : now, ConsentBy = consent?.By, ConsentMeans = consent?.Means, ConsentReference = consent?.Reference?.Trim(),
            EnrolledBy = actor, EnrolledAt = now, ChangeSeq = terminal.NextPeople(),
        };
        enrolment.Raise(new TerminalEnrolmentChanged(id, terminal.Id, terminal.CompoundPath, "enrolled", now));
        return enrolment;
    }

    /// <summary>Ends it: consent withdrawn, card lost. The terminal is told to delete the number, and a look by it opens nothing from now on.</summary>
    public void Withdraw(Terminal terminal, DateTimeOffset now)
    {
        Rule.State(WithdrawnAt is null, "passes.enrolment-ended");
        WithdrawnAt = now;
        ChangeSeq = terminal.NextPeople();
        Raise(new TerminalEnrolmentChanged(Id, TerminalId, CompoundPath, "withdrawn", now));
    }

    /// <summary>The person was erased: nothing leads back to them, while the terminal still learns what to delete.</summary>
    public void Forget(Terminal terminal, DateTimeOffset now)
    {
        if (WithdrawnAt is null) Withdraw(terminal, now);
        (PersonId, PassId, ConsentReference) = (null, null, null);
    }

    /// <summary>What it stands for has changed: the terminal hears of it again.</summary>
    public void Touch(Terminal terminal) => ChangeSeq = terminal.NextPeople();
}
