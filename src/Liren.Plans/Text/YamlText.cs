using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Liren.Plans.Text;

/// <summary>Reads the strict part of YAML 1.2 that documents may use: one document, no anchors, no tags, no key twice, at most 256 KiB and 32 deep.</summary>
internal static class YamlText
{
    /// <summary>Most bytes of a document.</summary>
    public const int MostBytes = 256 * 1024;

    private const int MostDepth = 32;

    /// <summary>The top of the document; null when it cannot be read, which the report then says.</summary>
    public static MapNode? Read(string text, Report report)
    {
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            report.Error("too-big", new(1, 1), "", null, (MostBytes / 1024).ToString(System.Globalization.CultureInfo.InvariantCulture));
            return null;
        }
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) { report.Error("empty", new(1, 1), ""); return null; }
            parser.Consume<DocumentStart>();
            var top = new Reader(parser, text, report).Node("", 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out var more)) { report.Error("one-document", At(more?.Start ?? parser.Current!.Start), ""); return null; }
            if (top is MapNode map) return map;
            report.Error("not-a-map", top.At, "");
            return null;
        }
        catch (YamlException e)
        {
            report.Error("yaml", At(e.Start), "", null, Plainly(e));
            return null;
        }
        // YamlDotNet 18.1 gives up like this at some broken texts, without saying where.
        catch (InvalidOperationException)
        {
            report.Error("yaml-broken", new(1, 1), "");
            return null;
        }
    }

    private static TextPosition At(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    // The parser puts the place before its sentence; ours stands already in the finding.
    private static string Plainly(YamlException e)
    {
        var said = (e.InnerException ?? e).Message;
        return said.StartsWith('(') && said.IndexOf("): ", StringComparison.Ordinal) is > 0 and var end ? said[(end + 3)..] : said;
    }

    private sealed class Reader(Parser parser, string text, Report report)
    {
        public Node Node(string path, int depth)
        {
            if (depth > MostDepth) throw new YamlException(parser.Current!.Start, parser.Current.End, $"nested deeper than {MostDepth}");
            if (parser.TryConsume<AnchorAlias>(out var alias)) { report.Error("no-anchors", At(alias.Start), path); return new ScalarNode(At(alias.Start), path, "", false, false); }
            if (parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored) report.Error("no-anchors", At(anchored.Start), path);
            if (parser.Current is NodeEvent { Tag.IsEmpty: false } tagged) report.Error("no-tags", At(tagged.Start), path, null, tagged.Tag.Value);
            if (parser.TryConsume<Scalar>(out var scalar)) return Word(scalar, path);
            if (parser.TryConsume<SequenceStart>(out var list))
            {
                var items = new List<Node>();
                while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Node($"{path}[{items.Count}]", depth + 1));
                return new ListNode(At(list.Start), path, items);
            }
            return Map(parser.Consume<MappingStart>(), path, depth);
        }

        private MapNode Map(MappingStart start, string path, int depth)
        {
            var pairs = new List<KeyValuePair<ScalarNode, Node>>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (Node(path, depth + 1) is not ScalarNode key) throw new YamlException(start.Start, start.End, "a key must be a word");
                var value = Node(path.Length == 0 ? key.Value : $"{path}.{key.Value}", depth + 1);
                if (pairs.Exists(p => p.Key.Value == key.Value)) report.Error("twice", key.At, value.Path, null, key.Value);
                else pairs.Add(new(key, value));
            }
            return new(At(start.Start), path, pairs);
        }

        private ScalarNode Word(Scalar scalar, string path)
        {
            var quoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted;
            var begin = (int)scalar.Start.Index + (quoted ? 1 : 0);
            var verbatim = begin + scalar.Value.Length <= text.Length && string.CompareOrdinal(text, begin, scalar.Value, 0, scalar.Value.Length) == 0 && !scalar.Value.Contains('\n');
            return new(At(scalar.Start), path, scalar.Value, scalar.Style != ScalarStyle.Plain, verbatim);
        }
    }
}
