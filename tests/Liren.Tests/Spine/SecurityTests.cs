using System.Security.Cryptography;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Web;

namespace Liren.Tests.Spine;

public sealed class SecurityTests : IDisposable
{
    private readonly DataLocation at = new(Directory.CreateTempSubdirectory("liren-keys-").FullName, null);

    public void Dispose() => Directory.Delete(at.Folder, recursive: true);

    [Fact]
    public void A_value_is_read_back_by_the_same_installation_only()
    {
        using Protector one = new(at), again = new(at);
        var value = one.Encrypt("11010519491231002X", "person:1:idNo");
        again.Decrypt(value, "person:1:idNo").ShouldBe("11010519491231002X");
        one.Encrypt("11010519491231002X", "person:1:idNo").ShouldNotBe(value);
        var elsewhere = new DataLocation(Directory.CreateTempSubdirectory("liren-keys-").FullName, null);
        using (var other = new Protector(elsewhere))
        {
            Should.Throw<CryptographicException>(() => other.Decrypt(value, "person:1:idNo"));
            other.Hash("idNo", "1").ShouldNotBe(one.Hash("idNo", "1"));
        }
        Directory.Delete(elsewhere.Folder, recursive: true);
    }

    [Fact]
    public void A_value_moved_to_another_row_or_changed_is_refused()
    {
        using var protector = new Protector(at);
        var value = protector.Encrypt("13812345678", "person:1:phone");
        Should.Throw<CryptographicException>(() => protector.Decrypt(value, "person:2:phone"));
        value[^1] ^= 1;
        Should.Throw<CryptographicException>(() => protector.Decrypt(value, "person:1:phone"));
        Should.Throw<CryptographicException>(() => protector.Decrypt([1, 2, 3], "person:1:phone"));
    }

    [Fact]
    public void The_hash_finds_the_same_value_of_the_same_kind()
    {
        using var protector = new Protector(at);
        protector.Hash("phone", "138").ShouldBe(protector.Hash("phone", "138"));
        protector.Hash("phone", "138").ShouldNotBe(protector.Hash("idNo", "138"));
    }

    [Fact]
    public void Keys_are_for_their_owner_only()
    {
        if (OperatingSystem.IsWindows()) return;
        using var protector = new Protector(at);
        File.GetUnixFileMode(Path.Combine(at.Folder, "keys")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(Path.Combine(at.Folder, "keys"))) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("王小英", "王*英")]
    [InlineData("王英", "王*")]
    [InlineData("英", "*")]
    [InlineData("", "")]
    [InlineData("欧阳小英", "欧*英")]
    // A rare surname outside the basic plane is one character to a person, two to the computer.
    [InlineData("𠮷野家", "𠮷*家")]
    [InlineData("𠮷𠮷", "𠮷*")]
    public void A_name_is_masked_by_characters_as_people_count_them(string name, string masked) => Mask.Name(name).ShouldBe(masked);

    [Theory]
    [InlineData("13812345678", "138****5678")]
    [InlineData("58881234", "***34")]
    [InlineData("110", "***")]
    public void A_phone_number_is_masked(string phone, string masked) => Mask.Phone(phone).ShouldBe(masked);

    [Fact]
    public void The_same_key_of_the_same_caller_names_the_same_thing()
    {
        var (me, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        NewId.Of("k", me).ShouldBe(NewId.Of("k", me));
        NewId.Of("k", me).Value.ShouldNotBe(NewId.Of("k", other).Value);
        NewId.Of("k", me).Value.ShouldNotBe(NewId.Of("l", me).Value);
        NewId.Of("k", me, "POST /a").Value.ShouldNotBe(NewId.Of("k", me, "POST /b").Value);
        NewId.Of("k", me).Value.Version.ShouldBe(8);
        NewId.Fresh.Value.Version.ShouldBe(7);
        Should.Throw<RuleBrokenException>(() => NewId.Of(new string('x', 201), me)).Field.ShouldBe("Idempotency-Key");
    }

    [Fact]
    public void Nobody_may_do_anything_and_a_grant_ends_at_its_border()
    {
        Actor.Anonymous.May("people.read").ShouldBeFalse();
        Should.Throw<RuleBrokenException>(() => Actor.Anonymous.Require("people.read")).Status.ShouldBe(401);
        var worker = new Actor(Guid.CreateVersion7(), "w", ActorKind.Person, null, [new Grant("r", null, "31.01", ["people.read"])]);
        worker.Require("people.read", "31.01.15");
        Should.Throw<RuleBrokenException>(() => worker.Require("people.read", "31.010")).Status.ShouldBe(403);
        Should.Throw<RuleBrokenException>(() => worker.Require("people.edit", "31.01")).Status.ShouldBe(403);
        worker.ScopesFor("people.edit").ShouldBeEmpty();
    }
}
