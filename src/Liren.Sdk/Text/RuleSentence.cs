namespace Liren.Sdk.Text;

/// <summary>Says a broken rule in words.</summary>
public static class RuleSentence
{
    /// <summary>The sentence of the rule in the language of the present user; a missing permission is called by its name, not its code.</summary>
    public static string Say(this Texts texts, RuleBrokenException rule) =>
        rule is { Code: "sdk.not-allowed", Args: [string permission, string place] }
            ? texts[rule.Code, texts["permission." + permission], place.Length == 0 ? texts["sdk.anywhere"] : place]
            : texts[rule.Code, [.. rule.Args.Select(texts.Named)]];

    /// <summary>An argument as it is read: "@key" and "@key1 key2" name texts (a state, acts that are possible) and are read in the user's language.</summary>
    public static object? Named(this Texts texts, object? argument) => argument is not string { Length: > 0 } text || text[0] != '@' ? argument
        : text.Length == 1 ? "–" : string.Join("、", text[1..].Split(' ').Select(key => texts[key]));
}
