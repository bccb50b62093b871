/**
 * Whether a commit mends something, by its message. The training data asks the projects' issue trackers; here a message has
 * to say it in words: a conventional type (`fix:`, `fix(parser)!:`), a word for mending or for what is mended in the first
 * line, or a line that closes an issue, as forges and trackers read it.
 */
export function isFix(message: string): boolean {
  const [subject = '', ...body] = message.split('\n').map((line) => line.slice(0, maxLine));
  if (/^merge\b/i.test(subject)) return false;
  const type = /^(\w+)(?:\([^)]*\))?!?:/.exec(subject)?.[1]?.toLowerCase();
  if (type !== undefined && fixTypes.has(type)) return true;
  // "docs: fix a typo" says itself what it is.
  if (type !== undefined && otherTypes.has(type)) return false;
  return fixWords.test(subject) || (!notCode.test(subject) && body.some((line) => closesIssue.test(line)));
}

/** Whether a branch says by its name that it mends something; `undefined` where it says nothing. */
export function isFixBranch(branch: string): boolean | undefined {
  const words = branch.toLowerCase().split(/[/_.-]+/);
  if (words.some((word) => branchFixWords.has(word))) return true;
  const [first = ''] = words;
  return words.length > 1 && branchOtherWords.has(first) ? false : undefined;
}

/** Behind that nobody says what a commit is for. */
const maxLine = 1_000;

/** Types of conventional commits. */
const fixTypes: ReadonlySet<string> = new Set(['fix', 'fixes', 'bugfix', 'hotfix', 'bug', 'revert']);
const otherTypes: ReadonlySet<string> = new Set([
  ...[
    'feat',
    'feature',
    'docs',
    'doc',
    'style',
    'refactor',
    'perf',
    'test',
    'tests',
    'build',
    'ci',
    'chore',
    'release',
  ],
]);

const fixWords =
  /\b(?:fix(?:e[sd]|ing|up)?|bug(?:s|fix(?:es)?)?|hot-?fix(?:es)?|defects?|regressions?|crash(?:e[sd]|ing)?|repair(?:s|ed)?|revert(?:s|ed)?|NPE|deadlocks?)\b/i;
/** What such a commit closes is seldom a defect. */
const notCode = /\b(?:docs?|documentation|typos?|readme|changelog)\b/i;

/** `Fixes #12`, `Closes-Bug: #1234567`, `Bug: 51234`, `Fixes: QTBUG-1`, `Fixes: <commit>` of Linux. */
const closesIssue =
  /^\s*(?:(?:fix(?:e[sd])?|closes?|closed|resolve[sd]?)(?:-bug)?:?\s+(?:(?:[\w.-]+\/[\w.-]+)?#\d+|https?:\/\/\S+\/issues\/\d+|[A-Z][A-Z0-9]+-\d+|[0-9a-f]{8,40}\b)|(?:closes-bug|partial-bug|bug|bug-id):\s*(?:issue\s)?\S*\d)/i;

const branchFixWords: ReadonlySet<string> = new Set(['fix', 'fixes', 'bugfix', 'hotfix', 'bug', 'bugs', 'revert']);
const branchOtherWords: ReadonlySet<string> = new Set([
  ...[
    'feat',
    'feature',
    'features',
    'docs',
    'doc',
    'refactor',
    'chore',
    'test',
    'tests',
    'ci',
    'build',
    'perf',
    'release',
  ],
]);
