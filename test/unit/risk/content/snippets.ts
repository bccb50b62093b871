import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { diffLines } from 'diff';
import * as v from 'valibot';
import { contentFindings } from '../../../../src/core/risk/content/findings.ts';
import { type ChangedFile, type ContentRule, contentRules } from '../../../../src/core/risk/content.ts';

const LinesSchema = v.nullable(v.array(v.string()));
const SnippetsSchema = v.array(
  v.object({
    name: v.string(),
    path: v.string(),
    before: LinesSchema,
    after: LinesSchema,
    rules: v.array(v.picklist(contentRules)),
    why: v.string(),
  }),
);
export type Snippet = v.InferOutput<typeof SnippetsSchema>[number];

/** The labelled snippets of a folder, by file. */
export function readSnippets(folder: string): Snippet[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().flatMap((name) => {
    // A broken bar within a made-up secret keeps scanners of repositories away from it.
    const text = readFileSync(path.join(folder, name), 'utf8').replaceAll('\u00a6', '');
    return v.parse(SnippetsSchema, JSON.parse(text));
  });
}

/** A file of a change, with the lines that differ. */
export function changedFile(name: string, before: string | undefined, after: string | undefined): ChangedFile {
  const added: number[] = [];
  const removed: number[] = [];
  let [oldLine, newLine] = [1, 1];
  for (const part of diffLines(before ?? '', after ?? '')) {
    for (let i = 0; i < part.count; i++) {
      if (part.added) added.push(newLine++);
      else if (part.removed) removed.push(oldLine++);
      else {
        oldLine++;
        newLine++;
      }
    }
  }
  return { path: name, before, after, added, removed };
}

export interface Judged {
  readonly snippet: Snippet;
  readonly found: readonly ContentRule[];
  readonly missed: readonly ContentRule[];
  readonly wrong: readonly ContentRule[];
  /** Files of which something could not be read. */
  readonly skipped: number;
}

/** What the rules say of a snippet, beside what they should. */
export async function judge(snippet: Snippet): Promise<Judged> {
  const text = (lines: Snippet['after']): string | undefined => lines?.map((line) => `${line}\n`).join('');
  const file = changedFile(snippet.path, text(snippet.before), text(snippet.after));
  const { findings, skipped } = await contentFindings([file]);
  const found = [...new Set(findings.map(({ rule }) => rule))];
  return {
    snippet,
    found,
    missed: snippet.rules.filter((rule) => !found.includes(rule)),
    wrong: found.filter((rule) => !snippet.rules.includes(rule)),
    skipped: skipped.length,
  };
}

export interface Figures {
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
  readonly precision: number;
  readonly recall: number;
}

/** A rule that fires on a snippet counts once, wherever it fires. */
export function figuresOf(judged: readonly Judged[], rule?: ContentRule): Figures {
  const count = (rules: (each: Judged) => readonly ContentRule[]): number =>
    judged.reduce((sum, each) => sum + rules(each).filter((name) => rule === undefined || name === rule).length, 0);
  const wrong = count((each) => each.wrong);
  const missed = count((each) => each.missed);
  const right = count((each) => each.found) - wrong;
  return { right, wrong, missed, precision: right / (right + wrong), recall: right / (right + missed) };
}
