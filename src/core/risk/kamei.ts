import type { Features } from './features.ts';

/** The columns of Kamei et al. that the model uses, by which data sets of commits name them. */
export const kameiColumns = ['nd', 'nf', 'entropy', 'la', 'ld', 'lt', 'fix', 'ndev', 'age', 'nuc'] as const;
type KameiColumn = (typeof kameiColumns)[number];

/** A cell that says something else than its column can hold. */
export class CellError extends Error {
  constructor(column: KameiColumn, cell: string, expected: string) {
    super(`column ${column}: ${JSON.stringify(cell.slice(0, 40))} is not ${expected}`);
    this.name = 'CellError';
  }
}

/**
 * The features that a row of such a data set stands for. What may be unknown is where its cell is empty: `lt`, `fix`, and
 * the history, which needs `age`, `nuc` and `ndev`. @throws CellError
 */
export function featuresOfRow(row: Readonly<Record<string, string>>): Features {
  const optional = (column: KameiColumn): number | undefined => {
    const cell = (row[column] ?? '').trim();
    if (cell === '') return undefined;
    const value = Number(cell);
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw new CellError(column, cell, 'a number from 0 on');
    return value;
  };
  const needed = (column: KameiColumn): number => {
    const value = optional(column);
    if (value === undefined) throw new CellError(column, '', 'a number from 0 on');
    return value;
  };
  const [age, changes, developers] = [optional('age'), optional('nuc'), optional('ndev')];
  const hasHistory = age !== undefined && changes !== undefined && developers !== undefined;
  return {
    linesAdded: needed('la'),
    linesDeleted: needed('ld'),
    files: needed('nf'),
    directories: needed('nd'),
    entropy: needed('entropy'),
    fileLines: optional('lt'),
    history: hasHistory ? { age, changes, developers } : undefined,
    fix: fixOf((row['fix'] ?? '').trim()),
  };
}

function fixOf(cell: string): boolean | undefined {
  if (cell === '') return undefined;
  if (/^(?:1(?:\.0*)?|true)$/i.test(cell)) return true;
  if (/^(?:0(?:\.0*)?|false)$/i.test(cell)) return false;
  throw new CellError('fix', cell, '0 or 1');
}
