import type { DirectoryRow } from '../store/model';

/** Full width to half width, upper case, without spaces and points: "京ａ·1234" is "京A1234". */
export const normal = (text: string): string => text.normalize('NFKC').toUpperCase().replace(/[\s·•.\-—_]/g, '');

/** Rows whose plate, serial or unit begins with, or whose serial or plate ends with, what was typed; the closest first. */
export function find(rows: DirectoryRow[], typed: string, most = 20): DirectoryRow[] {
  const wanted = normal(typed);
  if (wanted.length < 2) return [];
  const scored: { row: DirectoryRow; score: number }[] = [];
  for (const row of rows) {
    const score = Math.min(closeness(row.plate, wanted), closeness(row.serial, wanted), closeness(row.unit, wanted));
    if (score < 9) scored.push({ row, score });
  }
  return scored.sort((a, b) => a.score - b.score).slice(0, most).map((s) => s.row);
}

function closeness(value: string | null, wanted: string): number {
  if (value === null) return 9;
  const text = normal(value);
  return text === wanted ? 0 : text.startsWith(wanted) ? 1 : text.endsWith(wanted) ? 2 : 9;
}
