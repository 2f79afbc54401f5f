namespace Liren.Organisation.Features;

/// <summary>One file per thing a user can do.</summary>
internal static class Namespace;
