using System.Security.Cryptography;
using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>One look of a terminal at somebody, in our words, whatever the maker's were.</summary>
/// <param name="Id">Id of the event: the same one sent twice is one look.</param>
/// <param name="Kind">By what.</param>
/// <param name="Value">Text of the code, number of the card, the terminal's number of the person.</param>
/// <param name="At">Unix milliseconds by the terminal's clock.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Temperature">Tenths of a degree Celsius.</param>
/// <param name="Opened">What the terminal decided by itself; null: it asks.</param>
/// <param name="Reference">The maker's own number of the look, for the answer.</param>
internal sealed record TerminalLook(Guid Id, LookKind Kind, string Value, long At, Direction Direction, int? Temperature, bool? Opened = null, string? Reference = null);

/// <summary>The answer to a look.</summary>
/// <param name="Id">Of the event.</param>
/// <param name="Verdict">admit, check or refuse.</param>
/// <param name="Reason">A stable code.</param>
/// <param name="Words">To show to the person, Chinese.</param>
/// <param name="WordsEn">The same in English.</param>
/// <param name="Open">Whether to open.</param>
internal sealed record TerminalAnswer(Guid Id, Verdict Verdict, string Reason, string Words, string WordsEn, bool Open);

/// <summary>What checks at terminals share: turns, so that one code shown at two terminals at once goes through one, and the trust list as last read.</summary>
internal sealed class TerminalTurns
{
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];
    private TrustList? trust;

    /// <summary>Waits for the turn of whatever is looked at.</summary>
    public async Task<IDisposable> TakeAsync(string what, CancellationToken stop)
    {
        var turn = turns[(uint)what.GetHashCode(StringComparison.Ordinal) % turns.Length];
        await turn.WaitAsync(stop);
        return new Turn(turn);
    }

    /// <summary>The trust list of this number; read once.</summary>
    public TrustList Trust(long seq, byte[] envelope, IssuerKey root) =>
        trust is { } held && held.Seq == seq ? held : trust = TrustList.Read(envelope, VerifyingKey.FromSpki(root.Spki)!) ?? throw new InvalidOperationException("The trust list of this server does not hold under its own root.");

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}

/// <summary>The server's own trust list, as it is now.</summary>
internal sealed class OwnTrust(GetTrust trust, Keyring keyring, TerminalTurns turns)
{
    public async Task<TrustList> NowAsync(CancellationToken stop)
    {
        var (seq, envelope) = await trust.RunAsync(stop);
        var (root, _) = await keyring.SignerAsync(KeyRole.Root, "", stop);
        return turns.Trust(seq, envelope, root);
    }
}

/// <summary>
/// The check of a look at a terminal, by the same verifier as the gate app's, with what the server itself knows: its trust list, its register of passes, its
/// gate log as memory. What was decided is on disk before it is answered.
/// </summary>
internal sealed class TerminalLooks(PassesDb db, ReceiveEntries entries, OwnTrust trust, TerminalTurns turns, Texts texts, TimeProvider clock)
{
    private sealed record Found(PassDecision? Decision, string? Reason, Pass? Pass);

    /// <summary>The terminal that speaks, and its gate; 403 when the caller is none.</summary>
    public async Task<(Terminal Terminal, Gate Gate)> CurrentAsync(CancellationToken stop)
    {
        var key = Actor.Current.Id ?? Guid.Empty;
        var terminal = await db.Terminals.AsNoTracking().SingleOrDefaultAsync(t => t.KeyId == key, stop) ?? throw new RuleBrokenException("passes.not-a-terminal", null, 403);
        Actor.Current.Require("passes.terminal", terminal.CompoundPath);
        var gate = await db.Gates.AsNoTracking().SingleAsync(g => g.Id == terminal.GateId, stop);
        Rule.State(gate.ClosedAt is null, "passes.gate-closed");
        var now = clock.GetUtcNow();
        // A minute is fine enough for a screen, and spares a write for each look.
        if (terminal.LastSeenAt is not { } seen || now - seen > TimeSpan.FromMinutes(1))
            await db.Terminals.Where(t => t.Id == terminal.Id).ExecuteUpdateAsync(t => t.SetProperty(x => x.LastSeenAt, now), stop);
        return (terminal, gate);
    }

    /// <summary>Decides a look and keeps it; the same event again gets the same answer.</summary>
    public async Task<TerminalAnswer> DecideAsync(Terminal terminal, Gate gate, TerminalLook look, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var context = await ContextAsync(gate, look.Direction, now, stop);
        var (claims, pass) = await WhoAsync(terminal, look, context, stop);
        using var turn = await turns.TakeAsync(claims?.Cti ?? look.Value, stop);
        if (await BeforeAsync(gate, look, stop) is { } before) return before;
        var found = look.Kind == LookKind.Qr ? CheckCode(look, await WithMemoryAsync(context, claims, pass, stop)) : await CheckStandInAsync(terminal, look, pass, context, stop);
        var (verdict, reason) = Heat(gate, look, found.Decision?.Verdict ?? Verdict.Refuse, found.Reason ?? found.Decision!.Reason.ToString());
        var (kept, faulty) = await entries.KeepAsync(gate, [Line(terminal, look, verdict, reason, found)], byTerminal: true);
        if (faulty is [var bad, ..]) throw new RuleBrokenException("passes.look", bad.Field, 422);
        // Somebody else was first with this id: what is on disk counts.
        return kept[0].Known ? (await BeforeAsync(gate, look, stop))! : Answer(look.Id, verdict, reason);
    }

    /// <summary>Keeps looks that the terminal decided by itself; what we think of them is noted as the reason.</summary>
    public async Task<ReceiveEntries.Response> RecordAsync(Terminal terminal, Gate gate, IReadOnlyList<TerminalLook> looks, CancellationToken stop)
    {
        var lines = new List<GateEntryLine>(looks.Count);
        var general = (await ContextAsync(gate, Direction.In, clock.GetUtcNow(), stop)) with { IdCheck = false };
        foreach (var look in looks)
        {
            // Judged by the time of the look, where that can be one.
            var at = look.At is > 1_500_000_000_000 and < 4_600_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds(look.At) : clock.GetUtcNow();
            var context = general with { Now = at, Direction = look.Direction };
            var (_, pass) = await WhoAsync(terminal, look, context, stop);
            var found = look.Kind == LookKind.Qr ? CheckCode(look, context with { Register = Register(pass) }) : await CheckStandInAsync(terminal, look, pass, context, stop, memory: false);
            var (opened, reason) = (look.Opened == true, found.Reason ?? found.Decision!.Reason.ToString());
            // Why it did not open although nothing was against it, only the terminal knows: the face was not close enough, the PIN wrong.
            lines.Add(Line(terminal, look, opened ? Verdict.Admit : Verdict.Refuse, !opened && reason == nameof(PassReason.Ok) ? "Unknown" : reason, found));
        }
        var (kept, faulty) = await entries.KeepAsync(gate, lines, byTerminal: true);
        var added = kept.Count(l => !l.Known);
        return new(added, kept.Count - added, faulty);
    }

    private async Task<GateContext> ContextAsync(Gate gate, Direction direction, DateTimeOffset now, CancellationToken stop)
    {
        return new GateContext
        {
            Now = now, Compound = gate.CompoundPath, Bit = gate.Bit, Level = gate.Level, Direction = direction, Trust = await trust.NowAsync(stop),
            IdCheck = gate.IdCheckPercent > 0 && RandomNumberGenerator.GetInt32(100) < gate.IdCheckPercent,
        };
    }

    /// <summary>Whose pass the look is about, before it is judged.</summary>
    private async Task<(PassClaims? Claims, Pass? Pass)> WhoAsync(Terminal terminal, TerminalLook look, GateContext context, CancellationToken stop)
    {
        if (look.Kind == LookKind.Qr)
        {
            var claims = PassVerifier.Check(look.Value, context).Claims;
            return (claims, claims is null ? null : await db.Passes.AsNoTracking().SingleOrDefaultAsync(p => p.Cti == claims.Cti, stop));
        }
        var enrolment = await EnrolmentAsync(terminal, look, stop);
        var pass = enrolment is null ? null : (await PassesOfAsync(db, [enrolment], clock.GetUtcNow(), stop)).GetValueOrDefault(enrolment.Id);
        return (pass?.ToClaims(clock.GetUtcNow()), pass);
    }

    private Task<TerminalEnrolment?> EnrolmentAsync(Terminal terminal, TerminalLook look, CancellationToken stop) =>
        db.Enrolments.AsNoTracking().Where(e => e.TerminalId == terminal.Id && e.Kind == look.Kind && e.Subject == look.Value).OrderBy(e => e.WithdrawnAt != null).ThenByDescending(e => e.ChangeSeq).FirstOrDefaultAsync(stop);

    /// <summary>The pass each enrolment stands for now: a suspended one first, so that nobody who is to stay at home goes out by their face; then one that works; then the newest.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Pass>> PassesOfAsync(PassesDb db, IReadOnlyList<TerminalEnrolment> enrolments, DateTimeOffset now, CancellationToken stop)
    {
        var (persons, ids) = (enrolments.Select(e => e.PersonId).OfType<Guid>().Distinct().ToList(), enrolments.Where(e => e.PersonId is null).Select(e => e.PassId).OfType<Guid>().Distinct().ToList());
        var passes = await db.Passes.AsNoTracking().Where(p => ids.Contains(p.Id) || (p.PersonId != null && persons.Contains(p.PersonId.Value))).ToListAsync(stop);
        var (ofPerson, byId) = (passes.ToLookup(p => p.PersonId), passes.ToLookup(p => (Guid?)p.Id));
        var found = new Dictionary<Guid, Pass>();
        foreach (var e in enrolments)
        {
            var theirs = e.PersonId is { } person ? ofPerson[person].Where(p => p.CompoundPath == e.CompoundPath) : byId[e.PassId];
            if (theirs.OrderByDescending(p => p.State == PassState.Suspended && p.Until >= now).ThenByDescending(p => p.State == PassState.Active && p.From <= now && p.Until >= now).ThenByDescending(p => p.IssuedAt).FirstOrDefault() is { } pass)
                found[e.Id] = pass;
        }
        return found;
    }

    private static Found CheckCode(TerminalLook look, GateContext context)
    {
        var decision = PassVerifier.Check(look.Value, context);
        return new(decision, null, null);
    }

    private async Task<Found> CheckStandInAsync(Terminal terminal, TerminalLook look, Pass? pass, GateContext context, CancellationToken stop, bool memory = true)
    {
        // Read again in its turn: a withdrawal counts from the moment it is saved.
        var enrolment = await EnrolmentAsync(terminal, look, stop);
        if (enrolment is null) return new(null, "NotEnrolled", null);
        // Who withdrew is not linked to the look any more.
        if (enrolment.WithdrawnAt is not null) return new(null, look.Kind == LookKind.Face ? "ConsentWithdrawn" : "NotEnrolled", null);
        if (pass is null) return new(null, nameof(PassReason.Revoked), null);
        var claims = pass.ToClaims(context.Now);
        var full = memory ? await WithMemoryAsync(context, claims, pass, stop) : context with { Register = Register(pass) };
        // A face is the document.
        return new(PassVerifier.CheckStanding(claims, full with { IdCheck = full.IdCheck && look.Kind == LookKind.Card }), null, pass);
    }

    /// <summary>What the register says of this pass; one that is not in it was not issued here.</summary>
    internal static Func<string, Revocation?> Register(Pass? pass) => cti => pass is null || pass.Cti != cti ? Revocation.Revoked : pass.State switch
    {
        PassState.Suspended => Revocation.Suspended,
        PassState.Replaced => Revocation.Replaced,
        PassState.Active or PassState.Expired => null,
        _ => Revocation.Revoked,
    };

    /// <summary>The log of all gates is the memory.</summary>
    private async Task<GateContext> WithMemoryAsync(GateContext context, PassClaims? claims, Pass? pass, CancellationToken stop)
    {
        if (claims is null) return context;
        var memory = new GateMemory();
        var seen = await db.EntriesOf(db.Passes.Where(p => p.Cti == claims.Cti).Select(p => p.Cti)).Where(e => e.Verdict == Verdict.Admit && e.PlacePath == context.Compound).OrderBy(e => e.At).ThenBy(e => e.Seq)
            .Select(e => new { e.Direction, e.ProofAt, e.At }).ToListAsync(stop);
        foreach (var line in seen) memory.Note(claims.Cti, line.Direction, line.ProofAt, null, line.At);
        return context with { Memory = memory, Register = Register(pass) };
    }

    /// <summary>Fever stops everybody; where temperature is asked and the terminal has none, a person measures.</summary>
    private static (Verdict, string) Heat(Gate gate, TerminalLook look, Verdict verdict, string reason)
    {
        if (!gate.AskTemperature || verdict == Verdict.Refuse || look.Direction == Direction.Out) return (verdict, reason);
        if (look.Temperature >= gate.TemperatureLimit) return (Verdict.Refuse, "Temperature");
        return look.Temperature is null && verdict == Verdict.Admit ? (Verdict.Check, "Temperature") : (verdict, reason);
    }

    private static GateEntryLine Line(Terminal terminal, TerminalLook look, Verdict verdict, string reason, Found found) => new()
    {
        Id = look.Id, At = look.At, Direction = look.Direction == Direction.Out ? "out" : "in", Verdict = verdict.ToString(), Reason = reason, Cti = found.Decision?.Claims?.Cti,
        Kind = (int)(found.Decision?.Claims?.Kind ?? 0), Form = (int)(found.Decision?.Claims?.Form ?? 0), T = found.Decision?.ProofAt ?? 0, Nonce = found.Decision?.Nonce, Members = 1,
        Plate = found.Decision?.Claims?.Plate, Serial = found.Pass?.Serial, Guard = $"{terminal.Name} ({look.Kind.ToString().ToLowerInvariant()})", Temperature = look.Temperature,
    };

    private async Task<TerminalAnswer?> BeforeAsync(Gate gate, TerminalLook look, CancellationToken stop)
    {
        if (await db.Entries.AsNoTracking().SingleOrDefaultAsync(e => e.Id == look.Id, stop) is not { } before) return null;
        Rule.State(before.GateId == gate.Id, "passes.look-elsewhere");
        return Answer(before.Id, before.Verdict, before.Reason);
    }

    private TerminalAnswer Answer(Guid id, Verdict verdict, string reason)
    {
        string Say(string language)
        {
            var key = reason == "Temperature" ? $"passes.say.Temperature.{verdict}" : $"passes.say.{reason}";
            return texts.In(language, texts.Has(key) ? key : $"passes.say.{verdict}");
        }
        return new(id, verdict, reason, Say("zh"), Say("en"), verdict == Verdict.Admit);
    }
}
