import path from 'node:path';
import { contentRules } from '../src/core/risk/content.ts';
import { type Figures, figuresOf, judge, readSnippets } from '../test/unit/risk/content/snippets.ts';
import { runScript } from './lifetime.ts';
import { root } from './paths.ts';

// npm run risk-rules [-- FOLDER]: how well the rules on content tell labelled snippets, those of the tests or of a folder.
runScript(async () => {
  const folder = process.argv[2] ?? path.join(root, 'test/unit/risk/content/labelled');
  const judged = await Promise.all(readSnippets(folder).map(judge));
  for (const { snippet, missed, wrong } of judged) {
    if (missed.length > 0) process.stdout.write(`missed  ${snippet.name}: ${missed.join(', ')}\n`);
    if (wrong.length > 0) process.stdout.write(`wrong   ${snippet.name}: ${wrong.join(', ')}\n`);
  }
  const rows: readonly (readonly [string, Figures])[] = [
    ...contentRules.map((rule) => [rule, figuresOf(judged, rule)] as const),
    ['all', figuresOf(judged)],
  ];
  const table = rows.map(([name, { right, wrong, missed, precision, recall }]) => {
    const counts = [right, wrong, missed].map((count) => String(count).padStart(6)).join('');
    return `${name.padEnd(20)}${counts}${precision.toFixed(3).padStart(11)}${recall.toFixed(3).padStart(8)}`;
  });
  process.stdout.write(`${'rule'.padEnd(20)} right wrong missed  precision  recall\n${table.join('\n')}\n`);
});
