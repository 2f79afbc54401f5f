using Liren.Contracts.Organisation;
using Liren.Sdk;

namespace Liren.Organisation.Domain;

/// <summary>Where a version of the matrix stands.</summary>
internal enum MatrixState
{
    /// <summary>草稿.</summary>
    Draft,
    /// <summary>已检查: without errors; changed again it is a draft again.</summary>
    Checked,
    /// <summary>生效: exactly one, unchangeable.</summary>
    Active,
    /// <summary>已停用: replaced by a later one.</summary>
    Retired,
}

/// <summary>A version of the responsibility matrix (职责矩阵): its rules, who follows when the lead does not act, how long it has to sign in.</summary>
internal sealed class MatrixVersion : Entity
{
    /// <summary>Steps of the fallback chain that depend on place or lead; any other step is an organisation's code.</summary>
    public const string Community = "@community", Street = "@street", District = "@district", SuperiorOfLead = "@superior";

    public static readonly IReadOnlyList<string> Steps = [Community, Street, District, SuperiorOfLead];

    private MatrixVersion() { }

    public int Number { get; private init; }
    public MatrixState State { get; private set; }
    /// <summary>What is different, in words.</summary>
    public string Note { get; private set; } = "";
    /// <summary>Places the matrix must cover without a hole, joined by blanks; "*" is everywhere.</summary>
    public string Scopes { get; private set; } = "";
    /// <summary>Fallback chain (兜底), joined by blanks.</summary>
    public string Fallback { get; private set; } = $"{SuperiorOfLead} {Street} {District}";
    /// <summary>Minutes to sign in (签收) at level IV, III, II, I.</summary>
    public int SignInIV { get; private set; } = 10;
    public int SignInIII { get; private set; } = 5;
    public int SignInII { get; private set; } = 2;
    public int SignInI { get; private set; } = 1;
    /// <summary>Last day the approval holds.</summary>
    public DateOnly? ValidUntil { get; private set; }
    public int? BasedOn { get; private init; }
    public string CreatedBy { get; private init; } = "";
    public Guid? CreatedById { get; private init; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset ChangedAt { get; private set; }
    public DateTimeOffset? CheckedAt { get; private set; }
    /// <summary>Activated by a person with a name.</summary>
    public string? ActivatedBy { get; private set; }
    public Guid? ActivatedById { get; private set; }
    public DateTimeOffset? ActivatedAt { get; private set; }
    public DateTimeOffset? RetiredAt { get; private set; }

    public IReadOnlyList<string> ScopePaths => [.. Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s == "*" ? "" : s)];
    public IReadOnlyList<string> FallbackSteps => Fallback.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    public MatrixSettings Settings => new(ScopePaths, FallbackSteps, SignInIV, SignInIII, SignInII, SignInI, ValidUntil);

    public static MatrixVersion Draft(Guid id, int number, MatrixVersion? basedOn, string note, string by, Guid? byId, DateTimeOffset now)
    {
        var version = new MatrixVersion { Id = id, Number = number, BasedOn = basedOn?.Number, CreatedBy = by, CreatedById = byId, CreatedAt = now, ChangedAt = now };
        version.Say(note);
        if (basedOn is not null)
            (version.Scopes, version.Fallback, version.SignInIV, version.SignInIII, version.SignInII, version.SignInI, version.ValidUntil) =
                (basedOn.Scopes, basedOn.Fallback, basedOn.SignInIV, basedOn.SignInIII, basedOn.SignInII, basedOn.SignInI, basedOn.ValidUntil);
        return version;
    }

    public void Set(string note, MatrixSettings settings, DateTimeOffset now)
    {
        RequireOpen();
        Say(note);
        foreach (var scope in settings.Scopes) Rule.Require(scope.Length == 0 || Contracts.Places.PlacePath.IsValid(scope), "organisation.place", "scopes", scope);
        foreach (var step in settings.Fallback) Rule.Require(Steps.Contains(step) || OrgUnit.IsCode(step), "organisation.fallback-step", "fallback", step);
        foreach (var minutes in new[] { settings.SignInIV, settings.SignInIII, settings.SignInII, settings.SignInI }) Rule.Require(minutes is >= 1 and <= 1440, "organisation.sign-in-minutes", "signIn");
        Rule.Require(settings.SignInIV >= settings.SignInIII && settings.SignInIII >= settings.SignInII && settings.SignInII >= settings.SignInI, "organisation.sign-in-order", "signIn");
        (Scopes, Fallback) = (string.Join(' ', settings.Scopes.Distinct().Order(StringComparer.Ordinal).Select(s => s.Length == 0 ? "*" : s)), string.Join(' ', settings.Fallback));
        (SignInIV, SignInIII, SignInII, SignInI, ValidUntil) = (settings.SignInIV, settings.SignInIII, settings.SignInII, settings.SignInI, settings.ValidUntil);
        Touch(now);
    }

    /// <summary>A rule changed: whatever was checked must be checked again.</summary>
    public void Touch(DateTimeOffset now)
    {
        RequireOpen();
        (State, ChangedAt, CheckedAt) = (MatrixState.Draft, now, null);
    }

    /// <summary>The checker found no error.</summary>
    public void Passed(DateTimeOffset now)
    {
        RequireOpen();
        (State, CheckedAt) = (MatrixState.Checked, now);
    }

    public void Activate(string by, Guid? byId, DateTimeOffset now)
    {
        Rule.State(State == MatrixState.Checked, "organisation.matrix-unchecked");
        (State, ActivatedBy, ActivatedById, ActivatedAt) = (MatrixState.Active, by, byId, now);
        Raise(new MatrixActivated(Number, now));
    }

    public void Retire(DateTimeOffset now) => (State, RetiredAt) = (MatrixState.Retired, now);

    public void RequireOpen() => Rule.State(State is MatrixState.Draft or MatrixState.Checked, "organisation.matrix-immutable", Number);

    private void Say(string note)
    {
        Rule.Require(note.Trim().Length is >= 2 and <= 200, "organisation.matrix-note", "note");
        Note = note.Trim();
    }
}

/// <summary>What holds for all rules of a version.</summary>
internal sealed record MatrixSettings(IReadOnlyList<string> Scopes, IReadOnlyList<string> Fallback, int SignInIV, int SignInIII, int SignInII, int SignInI, DateOnly? ValidUntil)
{
    public static readonly MatrixSettings Default = new([], [MatrixVersion.SuperiorOfLead, MatrixVersion.Street, MatrixVersion.District], 10, 5, 2, 1, null);

    public IReadOnlyDictionary<string, TimeSpan> SignIn => new Dictionary<string, TimeSpan>
    {
        ["IV"] = TimeSpan.FromMinutes(SignInIV), ["III"] = TimeSpan.FromMinutes(SignInIII), ["II"] = TimeSpan.FromMinutes(SignInII), ["I"] = TimeSpan.FromMinutes(SignInI),
    };
}
