using Liren.Codes;

namespace Liren.Tests.Codes;

/// <summary>The situations of a gate, one test each: docs/developers/threats.md names them.</summary>
public sealed class PassVerifierTests
{
    private readonly Issuer issuer = new();

    private PassDecision Check(string text, GateContext? gate = null) => PassVerifier.Check(text, gate ?? issuer.Gate());

    private void Expect(string text, Verdict verdict, PassReason reason, GateContext? gate = null)
    {
        var decision = Check(text, gate);
        (decision.Verdict, decision.Reason).ShouldBe((verdict, reason));
    }

    [Theory]
    [InlineData(SignAlg.Es256)]
    [InlineData(SignAlg.Sm2)]
    public void A_live_pass_is_admitted_and_says_whose_it_is(SignAlg alg)
    {
        var other = new Issuer(alg);
        var claims = other.Phoned() with { FromMinute = 420, ToMinute = 1320, Gates = 0b110, Plate = "沪A12345", HostUnit = "3-101", MostUses = 9 };
        var decision = PassVerifier.Check(other.Live(claims), other.Gate());
        (decision.Verdict, decision.Reason).ShouldBe((Verdict.Admit, PassReason.Ok));
        decision.Claims.ShouldBeEquivalentTo(claims);
    }

    [Fact]
    public void A_paper_card_needs_the_document_beside_it() => Expect(issuer.Sign(Issuer.Paper()), Verdict.Check, PassReason.IdRequired);

    [Fact]
    public void A_person_chosen_at_random_shows_the_document() => Expect(issuer.Live(issuer.Phoned()), Verdict.Check, PassReason.IdRequired, issuer.Gate() with { IdCheck = true });

    [Fact]
    public void A_family_pass_names_its_members()
    {
        var claims = issuer.Phoned() with { Kind = PassKind.Family, Members = [new(Issuer.NewCti(), "王*明"), new(Issuer.NewCti(), "李*")] };
        Check(issuer.Live(claims)).Claims!.Members.ShouldBe(claims.Members);
    }

    [Theory]
    [InlineData("https://weixin.qq.com/r/abc")]
    [InlineData("")]
    [InlineData("lr1:ABC")]
    [InlineData(" LR1:ABC")]
    [InlineData("HC1:ABC")]
    public void An_advertisement_is_no_pass(string text) => Expect(text, Verdict.Refuse, PassReason.NotAPass);

    [Fact]
    public void A_pass_signed_with_a_foreign_key_has_no_known_issuer() => Expect(new Issuer().Sign(Issuer.Paper()), Verdict.Refuse, PassReason.UnknownIssuer);

    [Fact]
    public void A_pass_that_borrows_the_id_of_a_trusted_key_is_forged()
    {
        var bytes = Base45.Decode(new Issuer().Sign(Issuer.Paper()).AsSpan(4))!;
        issuer.Key.Kid.CopyTo(bytes, bytes.AsSpan().IndexOf((byte)0x48) + 1);
        Expect("LR1:" + Base45.Encode(bytes), Verdict.Refuse, PassReason.Forged);
    }

    [Fact]
    public void No_byte_of_a_pass_can_be_changed()
    {
        var bytes = Base45.Decode(issuer.Sign(Issuer.Paper()).AsSpan(4))!;
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            var decision = Check("LR1:" + Base45.Encode(bytes));
            (decision.Verdict, decision.Claims).ShouldBe((Verdict.Refuse, null), $"byte {i}");
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public void A_pass_is_valid_to_its_last_second_and_not_after()
    {
        var text = issuer.Sign(Issuer.Paper() with { Expires = Issuer.Seconds(0) });
        Expect(text, Verdict.Check, PassReason.IdRequired);
        Expect(text, Verdict.Refuse, PassReason.Expired, issuer.Gate() with { Now = Issuer.Now.AddSeconds(1) });
    }

    [Fact]
    public void A_pass_is_not_valid_before_its_time() => Expect(issuer.Sign(Issuer.Paper() with { NotBefore = Issuer.Seconds(1) }), Verdict.Refuse, PassReason.NotYetValid);

    [Fact]
    public void A_pass_of_another_compound_is_refused_and_says_which()
    {
        var decision = Check(issuer.Sign(Issuer.Paper() with { Compound = Issuer.Community + ".other" }));
        (decision.Reason, decision.Claims!.Compound).ShouldBe((PassReason.OtherCompound, Issuer.Community + ".other"));
    }

    [Fact]
    public void A_pass_of_the_community_opens_its_compounds_but_a_similar_name_does_not()
    {
        Expect(issuer.Sign(Issuer.Paper() with { Compound = Issuer.Community }), Verdict.Check, PassReason.IdRequired);
        Expect(issuer.Sign(Issuer.Paper()), Verdict.Refuse, PassReason.OtherCompound, issuer.Gate() with { Compound = Issuer.Compound + "2" });
    }

    [Fact]
    public void A_key_speaks_only_for_its_own_places() =>
        Expect(issuer.Sign(Issuer.Paper() with { Compound = "31.01.15.016.001.x" }), Verdict.Refuse, PassReason.UnknownIssuer, issuer.Gate() with { Compound = "31.01.15.016.001.x" });

    [Fact]
    public void A_list_key_signs_no_passes() => Expect(PassToken.Sign(Issuer.Paper(), issuer.ListKey), Verdict.Refuse, PassReason.UnknownIssuer);

    [Fact]
    public void A_pass_for_one_gate_is_refused_at_the_others() => Expect(issuer.Sign(Issuer.Paper() with { Gates = 0b100 }), Verdict.Refuse, PassReason.WrongGate);

    [Theory]
    [InlineData(480, 900, true)]
    [InlineData(480, 872, false)]
    [InlineData(873, 480, false)]
    [InlineData(1320, 900, true)]
    public void Hours_are_those_of_Shanghai_and_may_go_over_midnight(int from, int to, bool admitted) =>
        Check(issuer.Live(issuer.Phoned() with { FromMinute = from, ToMinute = to })).Reason.ShouldBe(admitted ? PassReason.Ok : PassReason.OutsideHours);

    [Theory]
    [InlineData(Revocation.Revoked, PassReason.Revoked)]
    [InlineData(Revocation.Replaced, PassReason.Revoked)]
    [InlineData(Revocation.Suspended, PassReason.Suspended)]
    public void A_pass_on_the_list_is_refused(Revocation state, PassReason reason)
    {
        var claims = issuer.Phoned();
        Expect(issuer.Live(claims), Verdict.Refuse, reason, issuer.Gate() with { Revocations = [issuer.Revoking((claims.Cti, state), (Issuer.NewCti(), Revocation.Revoked))] });
        Expect(issuer.Live(issuer.Phoned()), Verdict.Admit, PassReason.Ok, issuer.Gate() with { Revocations = [issuer.Revoking((claims.Cti, state))] });
    }

    [Fact]
    public void A_compromised_key_makes_all_its_passes_worthless_whatever_their_date() =>
        Expect(issuer.Sign(Issuer.Paper()), Verdict.Refuse, PassReason.KeyRevoked, issuer.Gate() with { Trust = issuer.TrustOf(KeyState.Revoked) });

    [Fact]
    public void A_rotated_key_still_verifies() =>
        Expect(issuer.Live(issuer.Phoned()), Verdict.Admit, PassReason.Ok, issuer.Gate() with { Trust = issuer.TrustOf(KeyState.VerifyOnly) });

    [Fact]
    public void The_inner_code_of_a_phone_alone_is_a_copy() => Expect(issuer.Sign(issuer.Phoned()), Verdict.Refuse, PassReason.ProofMissing);

    [Theory]
    [InlineData(-30, Verdict.Admit, PassReason.Ok)]
    [InlineData(-31, Verdict.Check, PassReason.StaleProof)]
    [InlineData(-300, Verdict.Check, PassReason.StaleProof)]
    [InlineData(-301, Verdict.Refuse, PassReason.StaleProof)]
    [InlineData(10, Verdict.Admit, PassReason.Ok)]
    [InlineData(11, Verdict.Check, PassReason.StaleProof)]
    [InlineData(301, Verdict.Refuse, PassReason.StaleProof)]
    public void A_screenshot_is_stale_after_thirty_seconds(int after, Verdict verdict, PassReason reason) => Expect(issuer.Live(issuer.Phoned(), after), verdict, reason);

    [Fact]
    public void A_proof_signed_by_another_phone_is_forged() =>
        Expect(issuer.Live(issuer.Phoned(), phone: SigningKey.Create(SignAlg.Es256)), Verdict.Refuse, PassReason.Forged);

    [Fact]
    public void A_paper_card_inside_a_proof_is_a_fabrication() => Expect(issuer.Live(Issuer.Paper()), Verdict.Refuse, PassReason.Malformed);

    [Fact]
    public void A_forwarded_live_code_lacks_the_nonce_of_this_gate()
    {
        byte[] present = GateNonce.Create(7), before = GateNonce.Create(7), elsewhere = GateNonce.Create(8);
        GateContext gate() => issuer.Gate() with { Level = ProofLevel.Nonce, Nonces = [present, before] };
        Expect(issuer.Live(issuer.Phoned(), nonce: present), Verdict.Admit, PassReason.Ok, gate());
        Expect(issuer.Live(issuer.Phoned(), nonce: before), Verdict.Admit, PassReason.Ok, gate());
        Expect(issuer.Live(issuer.Phoned(), nonce: elsewhere), Verdict.Refuse, PassReason.WrongNonce, gate());
        Expect(issuer.Live(issuer.Phoned()), Verdict.Refuse, PassReason.WrongNonce, gate());
    }

    [Fact]
    public void A_proof_opens_once()
    {
        var gate = issuer.Gate() with { Direction = Direction.Out };
        var claims = issuer.Phoned();
        var text = issuer.Live(claims);
        var first = Check(text, gate);
        first.Verdict.ShouldBe(Verdict.Admit);
        gate.Memory!.Note(claims.Cti, Direction.Out, first.ProofAt, first.Nonce, gate.Now);
        Expect(text, Verdict.Refuse, PassReason.Replayed, gate);
        Expect(issuer.Live(claims, 1), Verdict.Admit, PassReason.Ok, gate);
    }

    [Fact]
    public void A_nonce_serves_each_pass_once()
    {
        var nonce = GateNonce.Create(7);
        var gate = issuer.Gate() with { Level = ProofLevel.Nonce, Nonces = [nonce], Direction = Direction.Out };
        var claims = issuer.Phoned();
        var first = Check(issuer.Live(claims, 0, nonce), gate);
        gate.Memory!.Note(claims.Cti, Direction.Out, first.ProofAt, first.Nonce, gate.Now);
        Expect(issuer.Live(claims, 1, nonce), Verdict.Refuse, PassReason.Replayed, gate);
        Expect(issuer.Live(issuer.Phoned(), 1, nonce), Verdict.Admit, PassReason.Ok, gate);
    }

    [Fact]
    public void Whoever_is_inside_does_not_come_in_a_second_time()
    {
        var gate = issuer.Gate();
        var claims = Issuer.Paper();
        gate.Memory!.Note(claims.Cti, Direction.In, 0, null, gate.Now);
        Expect(issuer.Sign(claims), Verdict.Check, PassReason.AlreadyInside, gate);
        gate.Memory.Note(claims.Cti, Direction.Out, 0, null, gate.Now);
        Expect(issuer.Sign(claims), Verdict.Check, PassReason.IdRequired, gate);
    }

    [Fact]
    public void A_visitors_pass_is_used_up()
    {
        var gate = issuer.Gate();
        var claims = Issuer.Paper() with { Kind = PassKind.Visitor, MostUses = 1 };
        gate.Memory!.Note(claims.Cti, Direction.In, 0, null, gate.Now);
        gate.Memory.Note(claims.Cti, Direction.Out, 0, null, gate.Now);
        Expect(issuer.Sign(claims), Verdict.Refuse, PassReason.QuotaUsed, gate);
    }

    [Fact]
    public void Old_lists_never_open_by_themselves() =>
        Expect(issuer.Live(issuer.Phoned()), Verdict.Check, PassReason.ListsStale, issuer.Gate() with { ListAge = TimeSpan.FromHours(25) });

    [Fact]
    public void A_gate_that_was_offline_for_three_days_lets_a_person_look_and_still_refuses_what_it_knows()
    {
        var claims = issuer.Phoned();
        var gate = issuer.Gate() with { ListAge = TimeSpan.FromDays(3), Revocations = [issuer.Revoking((claims.Cti, Revocation.Revoked))] };
        Expect(issuer.Live(issuer.Phoned()), Verdict.Check, PassReason.ListsStale, gate);
        Expect(issuer.Live(claims), Verdict.Refuse, PassReason.Revoked, gate);
        Expect(new Issuer().Sign(Issuer.Paper()), Verdict.Refuse, PassReason.UnknownIssuer, gate);
    }

    [Fact]
    public void The_plate_of_a_vehicle_is_signed_and_shown_to_be_compared()
    {
        var decision = Check(issuer.Sign(Issuer.Paper() with { Kind = PassKind.Vehicle, Plate = "沪A12345" }), issuer.Gate());
        (decision.Verdict, decision.Claims!.Plate).ShouldBe((Verdict.Admit, "沪A12345"));
    }

    [Fact]
    public void A_gate_with_a_wrong_clock_turns_nobody_away_for_the_time()
    {
        var gate = issuer.Gate() with { ClockDoubt = true };
        Expect(issuer.Sign(Issuer.Paper() with { Expires = Issuer.Seconds(-10) }), Verdict.Check, PassReason.ClockDoubt, gate);
        Expect(issuer.Live(issuer.Phoned(), -4_000), Verdict.Check, PassReason.ClockDoubt, gate);
        Expect(new Issuer().Sign(Issuer.Paper()), Verdict.Refuse, PassReason.UnknownIssuer, gate);
    }

    [Fact]
    public void A_pass_too_long_or_deep_is_malformed()
    {
        Expect("LR1:" + new string('0', 1_197), Verdict.Refuse, PassReason.Malformed);
        Expect("LR1:" + new string('0', 1_000_000), Verdict.Refuse, PassReason.Malformed);
        Expect("LR1:" + Base45.Encode([.. Enumerable.Repeat((byte)0x81, 700)]), Verdict.Refuse, PassReason.Malformed);
    }

    [Fact]
    public void A_second_look_costs_no_signature_but_still_checks_time_and_lists()
    {
        var claims = Issuer.Paper();
        var text = issuer.Sign(claims);
        Expect(text, Verdict.Check, PassReason.IdRequired);
        Expect(text, Verdict.Refuse, PassReason.Expired, issuer.Gate() with { Now = Issuer.Now.AddYears(1) });
        Expect(text, Verdict.Refuse, PassReason.Revoked, issuer.Gate() with { Revocations = [issuer.Revoking((claims.Cti, Revocation.Revoked))] });
    }
}
