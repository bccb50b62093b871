import type { AddedLine } from '../core/change.ts';
import type { ResolvedCommit } from './resolve.ts';

/**
 * Finds a line of a commit by its path and number (1-based) there; lines that the commit did not add, and those of a commit
 * that names no record and of which nothing else is known, give nothing.
 */
export function lineFinder({
  files,
  fit,
}: Pick<ResolvedCommit, 'files' | 'fit'>): (path: string, line: number) => AddedLine | undefined {
  const isSilent = fit.state === 'none' || fit.state === 'missing';
  const byPath = new Map(
    files.map((file) => {
      const lines = isSilent ? file.lines.filter((line) => line.class !== 'unknown') : file.lines;
      return [file.path, new Map(lines.map((line) => [line.number, line]))];
    }),
  );
  return (path, line) => byPath.get(path)?.get(line);
}
