using Liren.People.Domain;
using Liren.Sdk.Security;

namespace Liren.People.Data;

/// <summary>Turns numbers of documents and telephones into what is stored, and back. Values come in normalised; each is bound to its person.</summary>
internal sealed class Sealer(Protector protector)
{
    public Sealed Identifier(Guid person, IdentifierKind kind, string number) =>
        new(protector.Encrypt(number, IdContext(person)), IdentifierHash(kind, number), Mask.CitizenId(number));

    public Sealed Phone(Guid person, string number) => new(protector.Encrypt(number, PhoneContext(person)), PhoneHash(number), Mask.Phone(number));

    public byte[] IdentifierHash(IdentifierKind kind, string number) => protector.Hash("people.id." + kind, number);

    public byte[] PhoneHash(string number) => protector.Hash("people.phone", number);

    /// <summary>Hash of the last four digits; null for a number shorter than seven.</summary>
    public byte[]? TailHash(string number) => number.Length < 7 ? null : protector.Hash("people.phone-tail", number[^4..]);

    /// <summary>Hash of a code that is to be read back.</summary>
    public byte[] CodeHash(Guid contact, string code) => protector.Hash("people.code." + contact.ToString("N"), code);

    public string Open(Identifier identifier) => protector.Decrypt(identifier.Cipher, IdContext(identifier.PersonId));

    public string Open(ContactPoint contact) => protector.Decrypt(contact.Cipher, PhoneContext(contact.PersonId));

    private static string IdContext(Guid person) => $"person:{person}:idNo";

    private static string PhoneContext(Guid person) => $"person:{person}:phone";
}
