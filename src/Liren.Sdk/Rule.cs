namespace Liren.Sdk;

/// <summary>
/// A rule of the domain did not hold. Answered as 422 (or the status given) with a sentence from the texts, found by <see cref="Code"/>,
/// that says what to do.
/// </summary>
public sealed class RuleBrokenException(string code, string? field = null, int status = 422, params object[] args) : Exception(code)
{
    /// <summary>Stable code, also the text key: "people.name-empty".</summary>
    public string Code { get; } = code;

    /// <summary>The field of the request that is wrong, camelCase, if one is.</summary>
    public string? Field { get; } = field;

    /// <summary>HTTP status: 422 by default, 404 not found, 409 conflict with the present state, 412 lost update, 403 not allowed.</summary>
    public int Status { get; } = status;

    /// <summary>Arguments of the sentence.</summary>
    public IReadOnlyList<object> Args { get; } = args;
}

/// <summary>States rules. A denied pass is an answer (a value); a broken rule is an exception.</summary>
public static class Rule
{
    /// <summary>Throws (422) when the rule does not hold.</summary>
    public static void Require(bool holds, string code, string? field = null, params object[] args)
    {
        if (!holds) throw new RuleBrokenException(code, field, 422, args);
    }

    /// <summary>Throws (409) when the present state does not allow the act.</summary>
    public static void State(bool holds, string code, params object[] args)
    {
        if (!holds) throw new RuleBrokenException(code, null, 409, args);
    }

    /// <summary>Returns the thing or throws (404).</summary>
    public static T Found<T>(T? thing, string code, params object[] args) where T : class =>
        thing ?? throw new RuleBrokenException(code, null, 404, args);
}
