using Liren.Sdk.Security;

namespace Liren.Sdk.Ui;

/// <summary>A link at the head of the phone pages; a module registers its own as singletons.</summary>
/// <param name="Face"><see cref="Field"/> or <see cref="My"/>.</param>
/// <param name="Text">Text key.</param>
/// <param name="Href">Address.</param>
/// <param name="Permission">Who sees it; null: everybody who is signed in.</param>
/// <param name="Order">Smaller comes first.</param>
public sealed record PhoneLink(string Face, string Text, string Href, string? Permission, int Order)
{
    /// <summary>网格员端: staff in the field.</summary>
    public const string Field = "field";

    /// <summary>居民端: residents.</summary>
    public const string My = "my";

    /// <summary>The links of a face that the person signed in may follow, in order.</summary>
    public static IEnumerable<PhoneLink> Of(IEnumerable<PhoneLink> all, string face) =>
        all.Where(l => l.Face == face && (l.Permission is null || Actor.Current.May(l.Permission))).OrderBy(l => l.Order);
}
