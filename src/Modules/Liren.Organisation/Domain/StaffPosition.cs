using Liren.Sdk;

namespace Liren.Organisation.Domain;

/// <summary>Last position of somebody on duty or with a task; a newer one replaces it, a day ends it.</summary>
internal sealed class StaffPosition
{
    /// <summary>How long it is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    public Guid AccountId { get; init; }
    public double Longitude { get; private set; }
    public double Latitude { get; private set; }
    public DateTimeOffset At { get; private set; }

    public void Move(double longitude, double latitude, DateTimeOffset at)
    {
        Rule.Require(longitude is >= -180 and <= 180, "organisation.longitude", "longitude");
        Rule.Require(latitude is >= -90 and <= 90, "organisation.latitude", "latitude");
        (Longitude, Latitude, At) = (longitude, latitude, at);
    }
}

/// <summary>An empty shift that was told already, so that the bell rings once.</summary>
internal sealed class EmptyShiftNote
{
    public Guid PostId { get; init; }
    public DateTimeOffset Start { get; init; }
    public DateTimeOffset At { get; init; }
}
