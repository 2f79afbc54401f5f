using Liren.Sdk.Security;

namespace Liren.Passes.Pages;

/// <summary>Purpose of a look when a page does not ask: what the person's work is.</summary>
internal static class PagePurpose
{
    public static string Of(Actor actor) => actor.May("passes.revoke") ? Purposes.CommunityService : actor.May("passes.issue") ? Purposes.PropertyService : actor.May("passes.suspend") ? Purposes.IncidentHandling : Purposes.Audit;
}
