using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Liren.Vision.Counting;

namespace Liren.Vision.Watching;

/// <summary>What <c>watch-people</c> watches and whom it tells, as written in a file. It holds the hub's key and the cameras' passwords: nobody else should read it.</summary>
internal sealed class WatchConfig
{
    private const int MostCameras = 64, MostGathering = 10_000;

    public HubEntry? Hub { get; set; }
    public List<CameraEntry> Cameras { get; set; } = [];
    public EvidenceEntry? Evidence { get; set; }

    /// <summary>The device hub and who we are there.</summary>
    internal sealed class HubEntry
    {
        public string Server { get; set; } = "127.0.0.1";
        public int Port { get; set; } = 1883;
        public bool Tls { get; set; }
        /// <summary>File (PEM or DER) of the authority that made the hub's certificate; without it the system's.</summary>
        public string? Ca { get; set; }
        public string Tenant { get; set; } = "liren";
        /// <summary>A camera, when there is one zone; else the gateway the zones' cameras stand behind.</summary>
        public string Device { get; set; } = "";
        public string Key { get; set; } = "";
    }

    /// <summary>A camera, one of stream, snapshot, folder, file; zones and masks as in a zones file.</summary>
    internal sealed class CameraEntry : SceneFile
    {
        public string Name { get; set; } = "";
        /// <summary>rtsp://, rtsps://, http://, https:// video.</summary>
        public string? Stream { get; set; }
        /// <summary>Of the stream only key frames are decoded: cheap; they must come every few seconds.</summary>
        public bool Keyframes { get; set; }
        /// <summary>Address that answers with a picture.</summary>
        public string? Snapshot { get; set; }
        /// <summary>Folder a camera puts pictures into.</summary>
        public string? Folder { get; set; }
        /// <summary>A video, over and over, at its own speed: for trials.</summary>
        public string? File { get; set; }
        /// <summary>Pictures of the folder are deleted when they are counted.</summary>
        public bool DeleteCounted { get; set; }
        /// <summary>Seconds from picture to picture.</summary>
        public double Every { get; set; } = 1;
    }

    /// <summary>Where the one blurred picture of an alarm is kept: at the hub, in a folder of this machine, or both.</summary>
    internal sealed class EvidenceEntry
    {
        /// <summary>To the hub, where those who may open it with a reason; seven days.</summary>
        public bool Send { get; set; }
        public string? Folder { get; set; }
        /// <summary>In the folder, 7 at most.</summary>
        public int Days { get; set; } = 7;
    }

    /// <summary>A zone of a camera and the device it speaks as; null: as the hub's own device.</summary>
    public static string? DeviceOf(CameraEntry camera, Zone zone) => camera.Zones.Find(z => z.Name == zone.Name)?.Device;

    /// <summary>So many are a gathering in a zone; null: nobody asks.</summary>
    public static int? GatheringOf(CameraEntry camera, Zone zone) => camera.Zones.Find(z => z.Name == zone.Name)?.Gathering;

    /// <summary>Reads and checks; what is wrong is said with the name of the field.</summary>
    public static WatchConfig Read(string yaml, string file)
    {
        var config = SceneFile.Parse<WatchConfig>(yaml, file);
        if (config.Cameras.Count is 0 or > MostCameras) throw new VisionException($"{file}: cameras must be a list of 1-{MostCameras}");
        for (var i = 0; i < config.Cameras.Count; i++) Check(config.Cameras[i], $"{file}: cameras[{i}]", config.Cameras);
        var hub = config.Hub ?? throw new VisionException($"{file}: hub is missing; it says server, port, device and key");
        if (hub.Device.Length == 0) throw new VisionException($"{file}: hub.device is missing; it is the code of a camera or gateway registered with: liren device add");
        if (hub.Key.Length == 0) throw new VisionException($"{file}: hub.key is missing; liren device add shows it once, liren device key gives a new one");
        if (hub.Port is < 1 or > 65_535) throw new VisionException($"{file}: hub.port must be 1-65535");
        if (!hub.Tls && !IsHere(hub.Server)) throw new VisionException($"{file}: hub.tls must be true for a server that is not this machine ({hub.Server})");
        if (hub.Ca is { } ca) CheckAuthority(ca, file);
        if (config.Evidence is { } evidence && ((!evidence.Send && string.IsNullOrWhiteSpace(evidence.Folder)) || evidence.Days is < 1 or > 7)) throw new VisionException($"{file}: evidence needs send: true or folder, and days from 1 to 7");
        var devices = config.Cameras.SelectMany(c => c.ToScene(file).Zones.Select(z => DeviceOf(c, z))).ToList();
        if (devices.Contains(null) && devices.Count > 1) throw new VisionException($"{file}: with more than one zone each needs device, a camera behind the gateway {hub.Device}");
        if (devices.GroupBy(d => d).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice) throw new VisionException($"{file}: device {twice} stands at two zones; each speaks as its own");
        return config;
    }

    private static void Check(CameraEntry camera, string at, List<CameraEntry> all)
    {
        if (camera.Name.Length is 0 or > 40 || !camera.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) throw new VisionException($"{at}.name must be 1-40 small letters, digits or hyphens");
        if (all.Count(c => c.Name == camera.Name) > 1) throw new VisionException($"{at}.name {camera.Name} is taken by another camera");
        string?[] sources = [camera.Stream, camera.Snapshot, camera.Folder, camera.File];
        if (sources.Count(s => !string.IsNullOrWhiteSpace(s)) != 1) throw new VisionException($"{at} needs one of stream, snapshot, folder, file");
        if (camera.Stream is { } stream && !IsAddress(stream, "rtsp", "rtsps", "http", "https")) throw new VisionException($"{at}.stream must be an address: rtsp://, rtsps://, http:// or https://");
        if (camera.Keyframes && camera.Stream is null) throw new VisionException($"{at}.keyframes is for a stream");
        if (camera.Snapshot is { } snapshot && !IsAddress(snapshot, "http", "https")) throw new VisionException($"{at}.snapshot must be an address: http:// or https://");
        if (camera.Folder is { } folder && !Directory.Exists(folder)) throw new VisionException($"{at}.folder {folder} is not there");
        if (camera.File is { } file && !System.IO.File.Exists(file)) throw new VisionException($"{at}.file {file} is not there");
        if (camera.Every is not (>= 0.2 and <= 60)) throw new VisionException($"{at}.every must be from 0.2 to 60 seconds");
        camera.ToScene(at);
        if (camera.Zones.FindIndex(z => z.Gathering is < 1 or > MostGathering) is >= 0 and var z) throw new VisionException($"{at}: zones[{z}].gathering must be 1-{MostGathering}");
    }

    private static void CheckAuthority(string ca, string file)
    {
        if (!System.IO.File.Exists(ca)) throw new VisionException($"{file}: hub.ca {ca} is not there");
        try { X509CertificateLoader.LoadCertificateFromFile(ca).Dispose(); }
        catch (CryptographicException e) { throw new VisionException($"{file}: hub.ca {ca} is no certificate", e); }
    }

    private static bool IsAddress(string text, params string[] schemes) => Uri.TryCreate(text, UriKind.Absolute, out var address) && schemes.Contains(address.Scheme);

    private static bool IsHere(string server) => server == "localhost" || (IPAddress.TryParse(server, out var address) && IPAddress.IsLoopback(address));
}
