using Liren.Contracts.People;
using Liren.Sdk;

namespace Liren.People.Domain;

/// <summary>How far an import is.</summary>
internal enum ImportState
{
    /// <summary>The file is here; nothing has been written.</summary>
    Uploaded,
    /// <summary>Rows are being written.</summary>
    Running,
    /// <summary>Every row has its outcome.</summary>
    Finished,
    /// <summary>Stopped by something that needs a person; what was written stays, and running it again goes on.</summary>
    Failed,
    /// <summary>The file was thrown away before it was run.</summary>
    Discarded,
}

/// <summary>What became of a row.</summary>
internal enum RowOutcome { Added, Changed, Unchanged, Refused }

/// <summary>
/// One import of residents (导入记录): who, when, which file, how far. Its version fences: of two processes that carry on the same run,
/// the second to commit fails and stops.
/// </summary>
internal sealed class ImportRun : Entity
{
    private ImportRun() { }

    public string CompoundPath { get; private init; } = "";
    public string FileName { get; private init; } = "";
    public long FileSize { get; private init; }
    /// <summary>SHA-256 of the file, hexadecimal.</summary>
    public string FileHash { get; private init; } = "";
    public int Sheet { get; private set; }
    /// <summary>The mapping as JSON.</summary>
    public string Mapping { get; private set; } = "";
    /// <summary>"console", "api" or "command line".</summary>
    public string Origin { get; private init; } = "";
    /// <summary>Account that started it; null for the command line.</summary>
    public Guid? ActorId { get; private init; }
    public string Actor { get; private init; } = "";
    /// <summary>Why personal data is compared.</summary>
    public string Purpose { get; private init; } = "";
    /// <summary>Whoever started it may write tags there: health is not everybody's.</summary>
    public bool MayTag { get; private init; }
    public ImportState State { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }
    /// <summary>Last sign of life of whoever runs it.</summary>
    public DateTimeOffset? BeatAt { get; private set; }
    /// <summary>When the file is deleted at the latest; null when it lies elsewhere or is gone.</summary>
    public DateTimeOffset? FileUntil { get; private set; }
    /// <summary>Text key of what stopped it.</summary>
    public string? Failure { get; private set; }
    public int Total { get; private set; }
    public int Added { get; private set; }
    public int Changed { get; private set; }
    public int Unchanged { get; private set; }
    public int Refused { get; private set; }

    public int Done => Added + Changed + Unchanged + Refused;

    /// <summary>A file has arrived. <paramref name="fileUntil"/> is null when the file is not kept by us.</summary>
    public static ImportRun Upload(Guid id, string compound, string fileName, long size, string hash, string origin, Guid? actorId, string actor, string purpose, bool mayTag, DateTimeOffset now, DateTimeOffset? fileUntil) => new()
    {
        Id = id, CompoundPath = compound, FileName = fileName.Length <= 120 ? fileName : fileName[..120], FileSize = size, FileHash = hash, Sheet = 1, Origin = origin,
        ActorId = actorId, Actor = actor, Purpose = purpose, MayTag = mayTag, State = ImportState.Uploaded, CreatedAt = now, FileUntil = fileUntil,
    };

    /// <summary>How the sheet is to be read, before it is run.</summary>
    public void Decide(int sheet, string mapping)
    {
        Rule.State(State == ImportState.Uploaded, "people.import-running");
        (Sheet, Mapping) = (sheet, mapping);
    }

    /// <summary>Begins to write, or goes on after a crash with the mapping it began with.</summary>
    public void Start(int sheet, string mapping, int total, DateTimeOffset now)
    {
        Rule.State(State is ImportState.Uploaded or ImportState.Running or ImportState.Failed, State == ImportState.Finished ? "people.import-finished" : "people.import-discarded");
        (Sheet, Mapping, Total, State, Failure, BeatAt) = (sheet, mapping, total, ImportState.Running, null, now);
        StartedAt ??= now;
    }

    /// <summary>Somebody is at work: nobody else needs to take over.</summary>
    public void Beat(DateTimeOffset now) => BeatAt = now;

    /// <summary>Counts the rows of a chunk, in the transaction that writes them.</summary>
    public void Count(IEnumerable<RowOutcome> outcomes, DateTimeOffset now)
    {
        foreach (var outcome in outcomes)
            switch (outcome)
            {
                case RowOutcome.Added: Added++; break;
                case RowOutcome.Changed: Changed++; break;
                case RowOutcome.Unchanged: Unchanged++; break;
                default: Refused++; break;
            }
        BeatAt = now;
    }

    /// <summary>
    /// Every row has its outcome. One event for the whole run, none for each person: 50,000 journal entries for one act of one person would
    /// bury what happened, hold the write lock longer and wake every handler 50,000 times. Who was touched stands in the run's rows.
    /// </summary>
    public void Finish(DateTimeOffset now)
    {
        (State, FinishedAt) = (ImportState.Finished, now);
        Raise(new ResidentsImported(Id, CompoundPath, Added, Changed, Unchanged, Refused, now));
    }

    public void Fail(string code, DateTimeOffset now) => (State, Failure, BeatAt) = (ImportState.Failed, code, now);

    /// <summary>The file is gone; a run that never began is over with it.</summary>
    public void FileGone()
    {
        FileUntil = null;
        if (State == ImportState.Uploaded) State = ImportState.Discarded;
    }
}

/// <summary>What became of one row of a run; no value of the sheet is kept.</summary>
internal sealed class ImportRow
{
    public Guid RunId { get; init; }
    /// <summary>Row number as the spreadsheet counts.</summary>
    public int Row { get; init; }
    public RowOutcome Outcome { get; init; }
    /// <summary>Whom it is about; null when refused.</summary>
    public Guid? PersonId { get; init; }
    /// <summary>Reasons and notes: "E:people.id-checksum;G:people.phone-shape".</summary>
    public string? Codes { get; init; }
}

/// <summary>A mapping remembered for a compound and a set of headings.</summary>
internal sealed class ImportMapping
{
    public required string CompoundPath { get; init; }
    /// <summary>Hash of the headings in order.</summary>
    public required string Headers { get; init; }
    /// <summary>The mapping as JSON.</summary>
    public required string Mapping { get; set; }
    public DateTimeOffset At { get; set; }
}
