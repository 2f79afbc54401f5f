using Liren.Codes;

namespace Liren.Tests.Codes;

public sealed class ListTests
{
    private readonly Issuer issuer = new();

    [Theory]
    [InlineData(SignAlg.Es256)]
    [InlineData(SignAlg.Sm2)]
    public void A_trust_list_comes_back_from_its_envelope(SignAlg alg)
    {
        var other = new Issuer(alg);
        var read = TrustList.Read(other.Trust.Sign(other.Root), other.Root.Public())!;
        read.Seq.ShouldBe(1);
        read.Keys.Select(k => (Convert.ToHexString(k.Key.Kid), k.Scopes[0], k.Uses, k.State)).ShouldBe(other.Trust.Keys.Select(k => (Convert.ToHexString(k.Key.Kid), k.Scopes[0], k.Uses, k.State)));
        PassVerifier.Check(other.Live(other.Phoned()), other.Gate() with { Trust = read }).Verdict.ShouldBe(Verdict.Admit);
    }

    [Fact]
    public void A_trust_list_of_another_root_or_with_a_changed_byte_is_refused()
    {
        var envelope = issuer.Trust.Sign(issuer.Root);
        TrustList.Read(envelope, new Issuer().Root.Public()).ShouldBeNull();
        for (var i = 0; i < envelope.Length; i++)
        {
            envelope[i] ^= 4;
            TrustList.Read(envelope, issuer.Root.Public()).ShouldBeNull($"byte {i}");
            envelope[i] ^= 4;
        }
    }

    [Fact]
    public void An_old_trust_list_played_again_is_refused()
    {
        var fourth = issuer.TrustOf(KeyState.Active, seq: 4).Sign(issuer.Root);
        TrustList.Read(fourth, issuer.Root.Public(), heldSeq: 5).ShouldBeNull();
        TrustList.Read(fourth, issuer.Root.Public(), heldSeq: 4)!.Seq.ShouldBe(4);
    }

    [Fact]
    public void A_key_on_an_unheard_of_curve_is_no_key()
    {
        // The last number of the curve's name changed: the platform throws over it instead of refusing it.
        var spki = issuer.Key.Spki.ToArray();
        spki[22] ^= 0x40;
        VerifyingKey.FromSpki(spki).ShouldBeNull();
        VerifyingKey.FromSpki(issuer.Key.Spki[..^1]).ShouldBeNull();
        VerifyingKey.FromSpki([.. issuer.Key.Spki, 0]).ShouldBeNull();
    }

    [Fact]
    public void Deltas_build_on_each_other_and_a_gap_asks_for_the_whole()
    {
        string a = "0000000000000001", b = "0000000000000002", c = "fffffffffffffff3";
        var list = new RevocationList(Issuer.Community);
        ListOutcome Apply(long seq, long from, (string, Revocation)[] added, string[] removed, (string, Revocation)[] all) =>
            list.Apply(RevocationList.Sign(Issuer.Community, seq, from, Issuer.Seconds(seq), Issuer.Seconds(900), added, removed, all, issuer.ListKey), issuer.Trust);

        Apply(1, 0, [(a, Revocation.Revoked), (b, Revocation.Suspended)], [], [(b, Revocation.Suspended), (a, Revocation.Revoked)]).ShouldBe(ListOutcome.Applied);
        Apply(2, 1, [(c, Revocation.Replaced)], [b], [(a, Revocation.Revoked), (c, Revocation.Replaced)]).ShouldBe(ListOutcome.Applied);
        (list.Find(a), list.Find(b), list.Find(c)).ShouldBe((Revocation.Revoked, null, Revocation.Replaced));
        Apply(2, 1, [], [], []).ShouldBe(ListOutcome.Old);
        Apply(9, 8, [], [], []).ShouldBe(ListOutcome.Gap);
        // The state does not come out as signed: nothing is applied.
        Apply(3, 2, [(b, Revocation.Revoked)], [], [(a, Revocation.Revoked)]).ShouldBe(ListOutcome.Refused);
        (list.Seq, list.Count, list.Find(b)).ShouldBe((2, 2, null));
        Apply(10, 0, [(b, Revocation.Revoked)], [], [(b, Revocation.Revoked)]).ShouldBe(ListOutcome.Applied);
        (list.Seq, list.Count, list.Find(b)).ShouldBe((10, 1, Revocation.Revoked));
    }

    [Fact]
    public void A_list_signed_by_a_pass_key_or_for_another_community_is_refused()
    {
        var list = new RevocationList(Issuer.Community);
        list.Apply(RevocationList.Sign(Issuer.Community, 1, 0, 0, 0, [], [], [], issuer.Key), issuer.Trust).ShouldBe(ListOutcome.Refused);
        list.Apply(RevocationList.Sign("31.01.15.016.001", 1, 0, 0, 0, [], [], [], issuer.ListKey), issuer.Trust).ShouldBe(ListOutcome.Refused);
        list.Apply([], issuer.Trust).ShouldBe(ListOutcome.Refused);
    }

    [Fact]
    public void Secret_keys_come_back_from_their_bytes()
    {
        foreach (var alg in new[] { SignAlg.Es256, SignAlg.Sm2 })
        {
            using var key = SigningKey.Create(alg);
            using var again = SigningKey.Import(alg, key.Export());
            again.Spki.ShouldBe(key.Spki);
            key.Public().Verify([1, 2, 3], again.Sign([1, 2, 3])).ShouldBeTrue();
            key.Public().Verify([1, 2, 4], again.Sign([1, 2, 3])).ShouldBeFalse();
        }
    }

    [Fact]
    public void The_SM2_example_of_the_standard_verifies_and_no_other_message_does()
    {
        // GB/T 32918.5-2017, annex A: curve sm2p256v1, identity 1234567812345678, "message digest".
        var head = Convert.FromHexString("3059301306072A8648CE3D020106082A811CCF5501822D03420004");
        var point = Convert.FromHexString("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13");
        var signature = Convert.FromHexString("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");
        var key = VerifyingKey.FromSpki([.. head, .. point])!;
        key.Alg.ShouldBe(SignAlg.Sm2);
        key.Verify("message digest"u8, signature).ShouldBeTrue();
        key.Verify("message digesT"u8, signature).ShouldBeFalse();
    }

    [Fact]
    public void A_nonce_comes_back_from_its_text()
    {
        var nonce = GateNonce.Create(513);
        GateNonce.Read(GateNonce.Write(nonce)).ShouldBe(nonce);
        nonce[..2].ShouldBe([2, 1]);
        GateNonce.Read("LN1:").ShouldBeNull();
        GateNonce.Read("LN1:AAAAAAAAA0").ShouldBeNull();
    }
}
