using Liren.People.Domain;
using Liren.Sdk.Security;
using Liren.Sdk.Text;

namespace Liren.People.Features;

/// <summary>Says reasons and rows of an import in words.</summary>
internal sealed class Reasons(Texts texts)
{
    public RowReason Of(RosterProblem problem) =>
        new(problem.Row, problem.Column?.Letter, problem.Column?.Header, problem.Value, problem.Code, Sentence(problem.Code, problem.Other));

    /// <summary>The sentence of a code; some speak of another row.</summary>
    public string Sentence(string code, int? other) => other is null ? texts[code, ""] : texts[code, other];

    /// <summary>All reasons of a row in one text, for the file with the refused rows.</summary>
    public string Of(RosterRow row) => string.Join(" ", row.Problems.Select(p => $"{(p.Column is null ? "" : $"[{p.Column.Letter} {p.Column.Header}] ")}{Sentence(p.Code, p.Other)}"));

    /// <summary>Reasons of a stored row ("E:people.id-checksum;G:people.phone-shape").</summary>
    public IEnumerable<(string Column, string Code, string Sentence)> Of(string? codes)
    {
        foreach (var part in (codes ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var code = part[(colon + 1)..].Split('=');
            yield return (part[..colon], code[0], Sentence(code[0], code.Length > 1 && int.TryParse(code[1], out var other) ? other : null));
        }
    }

    /// <summary>What will be registered, masked.</summary>
    public string After(RosterRow row, RosterMapping mapping)
    {
        if (!row.IsGood) return "";
        var parts = new List<string> { Mask.Name(row.Name.Value) };
        if (row.IdNumber is not null) parts.Add(Mask.CitizenId(row.IdNumber));
        parts.AddRange(row.Phones.Select(p => Mask.Phone(p.Value)));
        parts.Add($"{row.Room.Building}-{(row.Room.Unit is null ? "" : row.Room.Unit + "-")}{row.Room.Room}");
        parts.Add(texts["people.import.kind." + (row.Kind ?? mapping.DefaultKind)]);
        if (row.IsHead) parts.Add(texts["people.import.head"]);
        else if (row.Relation is { } relation) parts.Add(texts["people.import.relation." + relation]);
        return string.Join(" · ", parts);
    }
}
