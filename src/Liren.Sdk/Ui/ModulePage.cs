using System.Globalization;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using System.Reflection;

namespace Liren.Sdk.Ui;

/// <summary>
/// A console page. It lives as long as its circuit; each thing it runs lives in a scope of its own, as the person signed in,
/// with the permission check of the feature.
/// </summary>
public abstract class ModulePage : ComponentBase, IDisposable
{
    private readonly List<IDisposable> ears = [];

    [Inject] private IServiceScopeFactory Scopes { get; set; } = null!;
    [Inject] private CircuitActor Circuit { get; set; } = null!;

    /// <summary>Words, as <c>@T["module.key"]</c>.</summary>
    [Inject] protected Texts T { get; set; } = null!;

    /// <summary>Moves between pages.</summary>
    [Inject] protected NavigationManager Navigation { get; set; } = null!;

    /// <summary>The clock.</summary>
    [Inject] protected TimeProvider Clock { get; set; } = null!;

    /// <summary>Who is signed in; anonymous before the first await of a lifecycle method.</summary>
    protected Actor Me => Circuit.Actor;

    /// <summary>Who is signed in, read anew: for what a page shows before its first act.</summary>
    protected async Task<Actor> MeAsync() => await Circuit.LoadAsync();

    /// <summary>Sentence of the last broken rule; null when the last act went well.</summary>
    protected string? Problem { get; private set; }

    /// <summary>Field of the last broken rule.</summary>
    protected string? ProblemField { get; private set; }

    /// <summary>Runs a feature and returns its answer; on a broken rule sets <see cref="Problem"/> and returns default.</summary>
    protected async Task<TResult?> RunAsync<TFeature, TResult>(Func<TFeature, Task<TResult>> run, string? purpose = null) where TFeature : class, IFeature
    {
        Problem = ProblemField = null;
        try
        {
            Actor.Set(await Circuit.LoadAsync());
            if (typeof(TFeature).GetCustomAttribute<NeedsAttribute>() is { } needs) Actor.Current.Require(needs.Permission);
            if (purpose is not null) Purpose.State(purpose);
            await using var scope = Scopes.CreateAsyncScope();
            return await run(scope.ServiceProvider.GetRequiredService<TFeature>());
        }
        catch (RuleBrokenException rule)
        {
            Problem = T.Say(rule);
            ProblemField = rule.Field;
            // A table asks from its own render: the page around it has to show the sentence too.
            StateHasChanged();
            return default;
        }
    }

    /// <summary>Runs a feature without an answer; true when it went well.</summary>
    protected async Task<bool> DoAsync<TFeature>(Func<TFeature, Task> run, string? purpose = null) where TFeature : class, IFeature =>
        await RunAsync<TFeature, bool>(async f => { await run(f); return true; }, purpose);

    /// <summary>Runs <paramref name="reload"/> on the page's own thread whenever a note of one of the event types is heard.</summary>
    protected void Hear(Func<LiveNote, bool> about, Func<Task> reload)
    {
        ears.Add(LiveBus.Shared.Listen(note =>
        {
            if (about(note)) _ = InvokeAsync(async () => { await reload(); StateHasChanged(); });
        }));
    }

    /// <summary>14:32, 11-23 08:00 ...</summary>
    protected string At(DateTimeOffset at) => Show.Time(at, Clock.GetUtcNow());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var ear in ears) ear.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Who the circuit belongs to; read again on every act, so that a withdrawn role takes effect at once.</summary>
public sealed class CircuitActor(AuthenticationStateProvider authentication, IActorSource source)
{
    /// <summary>As last loaded.</summary>
    public Actor Actor { get; private set; } = Actor.Anonymous;

    /// <summary>Loads anew.</summary>
    public async ValueTask<Actor> LoadAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return Actor = await Web.ActorMiddleware.OfUserAsync(state.User, source, CancellationToken.None) ?? Actor.Anonymous;
    }
}
