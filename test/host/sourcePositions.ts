import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';

/**
 * Puts the positions in our sources in the place of those in the bundles, in a report with stack traces. Node would do
 * so itself, but the extension host makes its own stack traces.
 */
export function withSourcePositions(report: string): string {
  return report.replaceAll(/([^\s()]+\.js):(\d+):(\d+)/g, (found, bundle: string, line: string, column: string) => {
    const file = path.resolve(root, bundle);
    if (!existsSync(`${file}.map`)) return found;
    const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
    const origin = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in origin)) return found;
    const source = path.resolve(path.dirname(file), origin.originalSource);
    return `${path.relative(root, source)}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
  });
}
