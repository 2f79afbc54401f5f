using System.Collections.Concurrent;

namespace Liren.Sdk;

/// <summary>Demo accounts made by this start, with their random passwords: printed once by <c>up</c>, stored nowhere else.</summary>
public static class DemoAccounts
{
    private static readonly ConcurrentQueue<(string User, string Password, string Name)> Made = new();

    /// <summary>Notes an account that a demo seed has just made.</summary>
    public static void Add(string user, string password, string name) => Made.Enqueue((user, password, name));

    /// <summary>Takes what was noted.</summary>
    public static IEnumerable<(string User, string Password, string Name)> Take()
    {
        while (Made.TryDequeue(out var account)) yield return account;
    }
}
