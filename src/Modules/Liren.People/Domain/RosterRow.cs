using Liren.Contracts.Places;
using Liren.Sdk.Security;

namespace Liren.People.Domain;

/// <summary>What is wrong with a row, or a remark about it. Says where and why; the value only masked.</summary>
/// <param name="Row">Row number as the spreadsheet counts.</param>
/// <param name="Column">The column; null when the row as a whole is meant.</param>
/// <param name="Value">What stands there, masked when personal.</param>
/// <param name="Code">Text key of the sentence; stable.</param>
/// <param name="Other">Number of another row the sentence speaks of.</param>
internal sealed record RosterProblem(int Row, RosterColumn? Column, string? Value, string Code, int? Other = null);

/// <summary>A row as understood (台账行). With a problem it is refused; notes only remark.</summary>
internal sealed class RosterRow(int number)
{
    public int Number { get; } = number;
    public PersonName Name { get; set; }
    /// <summary>Only the surname is known: the row needs a number to tell who is meant.</summary>
    public bool NameIncomplete { get; set; }
    public IdentifierKind IdKind { get; set; }
    /// <summary>Normalised number of the document; null when none was given.</summary>
    public string? IdNumber { get; set; }
    public IReadOnlyList<PhoneNumber> Phones { get; set; } = [];
    public RoomName Room { get; set; }
    /// <summary>Null when the row says none: a new tie takes the mapping's default, an old one stays.</summary>
    public OccupancyKind? Kind { get; set; }
    public Relation? Relation { get; set; }
    public bool IsHead { get; set; }
    public Share? Share { get; set; }
    public DateOnly? Since { get; set; }
    public DateOnly? Until { get; set; }
    public Sex? Sex { get; set; }
    public DateOnly? BirthDate { get; set; }
    public bool? Lives { get; set; }
    public IReadOnlyList<string> Tags { get; set; } = [];
    /// <summary>By what means the person agreed to the tags.</summary>
    public string? ConsentMeans { get; set; }

    /// <summary>Why the row is refused; empty when it is good.</summary>
    public List<RosterProblem> Problems { get; } = [];
    public List<RosterProblem> Notes { get; } = [];

    public bool IsGood => Problems.Count == 0;

    private int notesOfSheet = -1;

    /// <summary>The row has been read; what comes from here on is the register's.</summary>
    public void Understood() => notesOfSheet = Notes.Count;

    /// <summary>Forgets what the register said of a good row, to ask it again.</summary>
    public void Forget()
    {
        Problems.Clear();
        if (notesOfSheet >= 0) Notes.RemoveRange(notesOfSheet, Notes.Count - notesOfSheet);
    }

    /// <summary>Shows a value of a column to somebody who has the sheet anyway, but not to whoever looks over the shoulder.</summary>
    public static string Masked(RosterField? field, string value) => value.Length > 60 ? Masked(field, value[..60]) : field switch
    {
        _ when value.Length == 0 || value.StartsWith('#') => value,
        RosterField.Name => value.EnumerateRunes().Count() > 1 ? $"{value.EnumerateRunes().First()}*{(value.EnumerateRunes().Count() > 2 ? value.EnumerateRunes().Last().ToString() : "")}" : value,
        RosterField.IdNumber => value.Length >= 10 ? Mask.CitizenId(value) : value.Length > 4 ? value[..2] + "***" + value[^1..] : value,
        RosterField.Phone => Mask.Phone(value),
        RosterField.BirthDate => value.Length > 4 ? value[..4] + "***" : value,
        RosterField.Tags => "***",
        _ => value,
    };
}
