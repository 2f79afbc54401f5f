using Liren.Contracts.Incidents;
using Liren.Incidents.Domain;

namespace Liren.Incidents.Features;

/// <summary>The answer of every act: where the incident stands now.</summary>
internal sealed record Moved(Guid Id, string Code, IncidentState State, DateTimeOffset? Deadline, int Version)
{
    public static Moved Of(Incident incident) => new(incident.Id, incident.Code, incident.State, incident.Deadline, incident.Version);
}
