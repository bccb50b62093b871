import { type Actions, isDangerous } from '../actions.ts';
import { type FileChange, totalsOf } from '../change.ts';
import type { DangerousClass } from '../commands/classes.ts';
import type { Risk, RiskFactor, RiskLevel } from './risk.ts';

/** Judges a change. The shape stays when a trained model takes the place of the first one. */
export type RiskModel = (files: readonly FileChange[], actions?: readonly Actions[]) => Risk;

/** Places named for one factor at most: a hint where to look, not a listing. */
const maxPlaces = 5;

/**
 * The first model: points for size, spread and missing tests, each with diminishing returns; then a floor for AI lines
 * that nobody has looked at, and for what assistants' commands did. AI share alone adds nothing: it is told with 0 points.
 */
export const assessRisk: RiskModel = (files, actions = []) => {
  const totals = totalsOf(files);
  const counted = files.filter((file) => !file.apart);
  const changed = counted.filter((file) => file.lines.length > 0 || file.deleted > 0 || file.unattributed);
  const size = totals.added + counted.reduce((sum, file) => sum + file.deleted, 0);
  if (changed.length === 0) return { score: 0, level: 'low', probability: null, percentile: null, factors: [] };

  const points = [
    sizeFactor(size, changed),
    spreadFactor(changed),
    untestedFactor(changed),
    aiShareFactor(totals.countsAsAi, totals.added),
  ].filter((factor) => factor !== undefined);
  const floors = [unseenFactor(changed), ...actionFactors(actions)].filter((factor) => factor !== undefined);

  const sum = points.reduce((total, factor) => total + factor.points, 0);
  const score = Math.min(100, Math.round(Math.max(sum, ...floors.map((factor) => factor.floor))));
  const factors = [
    ...floors
      .sort((a, b) => b.floor - a.floor)
      .map(({ floor, ...factor }) => ({ ...factor, effect: `floor ${floor}` })),
    ...points
      .sort((a, b) => b.points - a.points)
      .map(({ points: value, ...factor }) => ({ ...factor, effect: `+${Math.round(value)}` })),
  ];
  return { score, level: levelOf(score), probability: null, percentile: null, factors };
};

export function levelOf(score: number): RiskLevel {
  if (score < 50) return 'low';
  if (score < 80) return 'moderate';
  return score < 95 ? 'high' : 'critical';
}

type Described = Omit<RiskFactor, 'effect'>;
type Points = Described & { readonly points: number };
type Floor = Described & { readonly floor: number };

/** Up to 40 points, half of them at 120 lines. */
function sizeFactor(size: number, files: readonly FileChange[]): Points {
  const largest = [...files].sort((a, b) => b.lines.length + b.deleted - a.lines.length - a.deleted);
  const detail = `${size} ${plural(size, 'line')} added or deleted`;
  return { id: 'size', points: (40 * size) / (size + 120), detail, where: places(largest.slice(0, 1)) };
}

/** Up to 20 points for a change spread over many files and folders. */
function spreadFactor(files: readonly FileChange[]): Points | undefined {
  const folders = new Set(files.map((file) => file.path.split('/').slice(0, -1).join('/'))).size;
  const extent = files.length - 1 + (folders - 1);
  if (extent === 0) return undefined;
  const detail = `${files.length} files in ${folders} ${plural(folders, 'folder')}`;
  return { id: 'spread', points: (20 * extent) / (extent + 8), detail, where: places(files) };
}

/** 15 points where code changed and no test did. */
function untestedFactor(files: readonly FileChange[]): Points | undefined {
  const code = files.filter((file) => isCode(file.path) && !isTest(file.path) && file.lines.length > 0);
  if (code.length === 0 || files.some((file) => isTest(file.path))) return undefined;
  return { id: 'untested', points: 15, detail: 'code changed, no test changed with it', where: places(code) };
}

function aiShareFactor(ai: number, added: number): Points | undefined {
  if (ai === 0) return undefined;
  const detail = `${ai} of ${added} added lines come from AI (${Math.round((100 * ai) / added)} %)`;
  return { id: 'ai-share', points: 0, detail, where: [] };
}

/** 50 for any AI line nobody has looked at, growing to 80 at 100 of them. */
function unseenFactor(files: readonly FileChange[]): Floor | undefined {
  const unseen = files.flatMap((file) =>
    file.lines
      .filter((line) => line.countsAsAi && line.author?.origin === 'ai' && line.author.review === 'unseen')
      .map((line) => ({ path: file.path, line: line.number })),
  );
  if (unseen.length === 0) return undefined;
  const detail = `${unseen.length} AI ${plural(unseen.length, 'line')} nobody has looked at`;
  const firstOfFile = unseen.filter((place, i) => unseen[i - 1]?.path !== place.path);
  return {
    id: 'unseen-ai',
    floor: Math.round(50 + 30 * Math.min(1, (unseen.length - 1) / 99)),
    detail,
    where: firstOfFile.slice(0, maxPlaces),
  };
}

/** What a command that needs a second look does to the risk of the change that it was run for. */
const actionFloors: Readonly<Record<DangerousClass, number>> = {
  destructive: 80,
  'production-deploy': 70,
  privilege: 60,
  credentials: 60,
  'network-install': 60,
  'history-rewrite': 30,
};

function actionFactors(actions: readonly Actions[]): Floor[] {
  return actions.filter(isDangerous).map(({ class: name, count, what }) => ({
    id: `${name}-command`,
    floor: actionFloors[name as DangerousClass],
    detail: `${count} ${plural(count, 'command')} of assistants: ${what.join(', ')}`,
    where: [],
  }));
}

function places(files: readonly FileChange[]): { path: string; line?: number }[] {
  return files.slice(0, maxPlaces).map((file) => {
    const line = file.lines[0]?.number;
    return line === undefined ? { path: file.path } : { path: file.path, line };
  });
}

function isTest(path: string): boolean {
  return /(^|\/)(tests?|specs?|__tests__)\/|[._-](test|spec)s?\.[^/]+$|(^|\/)test_[^/]+$|_test\.[^/]+$/i.test(path);
}

function isCode(path: string): boolean {
  return !/\.(md|markdown|txt|rst|adoc|json|jsonc|ya?ml|toml|ini|cfg|lock|svg|png|jpe?g|gif|ico|csv|html?|css|license)$|(^|\/)(LICENSE|NOTICE|AUTHORS|\.[^/]+)$/i.test(
    path,
  );
}

function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}
