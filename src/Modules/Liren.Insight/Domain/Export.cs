namespace Liren.Insight.Domain;

/// <summary>Where an export stands.</summary>
internal enum ExportState
{
    /// <summary>等待.</summary>
    Waiting,
    /// <summary>可下载.</summary>
    Ready,
    /// <summary>失败: <see cref="Export.Why"/> says why.</summary>
    Failed,
}

/// <summary>File formats.</summary>
internal enum ExportFormat
{
    /// <summary>UTF-8 with a mark for Excel.</summary>
    Csv,
    /// <summary>Excel.</summary>
    Xlsx,
    /// <summary>By columns, for analysis.</summary>
    Parquet,
}

/// <summary>Figures given away as a file (导出): who took what, why, and what was hidden in it. The file goes after a day, this line stays.</summary>
internal sealed class Export
{
    public Guid Id { get; init; }
    public string Measure { get; init; } = "";
    public string PlacePath { get; init; } = "";
    public int Level { get; init; }
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }
    public string By { get; init; } = "";
    public bool Split { get; init; }
    public ExportFormat Format { get; init; }
    /// <summary>For others than those who may see every figure: small cells are hidden.</summary>
    public bool Shared { get; init; }
    public string Purpose { get; init; } = "";
    public Guid? ById { get; init; }
    public string ByName { get; init; } = "";
    /// <summary>Language of its words.</summary>
    public string Language { get; init; } = "zh";
    public DateTimeOffset At { get; init; }

    public ExportState State { get; set; }
    public string? Why { get; set; }
    public int Rows { get; set; }
    public int HiddenRows { get; set; }
    public string? Sha256 { get; set; }
    public DateTimeOffset? ReadyAt { get; set; }
    public int Downloads { get; set; }
}

/// <summary>What was shown and hidden of a measure in tables given away (发布台账): later tables are checked against it.</summary>
internal sealed class ReleasedCell
{
    public string Measure { get; init; } = "";
    public string PlacePath { get; init; } = "";
    /// <summary>A day, a week's Monday, a month, or a range.</summary>
    public string Period { get; init; } = "";
    public string Category { get; init; } = "";
    public bool Hidden { get; init; }
    public Guid ExportId { get; init; }
}
