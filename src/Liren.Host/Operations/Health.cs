using Liren.Sdk.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Liren.Host.Operations;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: the database answers and is migrated, so requests can be served.</summary>
internal static class Health
{
    public static void Map(IEndpointRouteBuilder site)
    {
        site.MapGet("/healthz", () => TypedResults.Text("ok")).ExcludeFromDescription();
        site.MapGet("/readyz", ReadyAsync).ExcludeFromDescription();
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> ReadyAsync(Migrator migrator, ILogger<Migrator> log, CancellationToken cancellation)
    {
        try
        {
            var pending = (await migrator.PendingAsync(cancellation)).Values.Sum();
            return pending == 0
                ? TypedResults.Text("ready")
                : TypedResults.Problem(title: $"{pending} migrations have not been applied", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (System.Data.Common.DbException e)
        {
            log.LogError(e, "Database does not answer");
            return TypedResults.Problem(title: "The database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
