import { Random } from '../fuzz/random.ts';
import { History } from './history.ts';

const files = 4_000;
const people = 60;

/**
 * A history of so many commits on some thousand files of some sixty lines: each changes one file or a few, the newer ones more
 * often; now and then one is renamed. All checked out, with `extra` further commits on a branch of that name.
 */
export async function longHistory(commits: number, extra: number): Promise<History> {
  const history = await History.create(0);
  const random = new Random(11);
  const paths = Array.from({ length: files }, (_, i) => `src/part${i % 40}/deep${i % 7}/file${i}.ts`);
  const texts = paths.map((_, i) => Array.from({ length: 30 + (i % 60) }, (_, k) => statement(random, k)));
  const stream: string[] = [];
  const write = (i: number): string => {
    const text = `${(texts[i] as string[]).join('\n')}\n`;
    return `M 100644 inline ${paths[i]}\ndata ${text.length}\n${text}\n`;
  };
  const commit = (branch: string, n: number, changes: string): void => {
    const author = `Person ${random.below(people)} <p@example.com> ${1_500_000_000 + n * 3_000} +0000`;
    const message = n % 4 === 0 ? `Fix what change ${n} is about` : `Change ${n}`;
    stream.push(
      `commit refs/heads/${branch}\nauthor ${author}\ncommitter ${author}\ndata ${message.length}\n${message}\n`,
      ...(n === 0 ? ['from refs/heads/main^0\n'] : n === commits ? ['from refs/heads/main\n'] : []),
      changes,
    );
  };
  commit('main', 0, paths.map((_, i) => write(i)).join(''));
  for (let n = 1; n < commits + extra; n++) {
    const changes: string[] = [];
    for (let k = 1 + random.below(4); k > 0; k--) {
      const i = Math.min(random.below(files), random.below(files));
      const lines = texts[i] as string[];
      for (let e = 1 + random.below(5); e > 0; e--) {
        lines.splice(random.below(lines.length), random.below(3), statement(random, n));
      }
      if (random.below(60) === 0) {
        const path = paths[i] as string;
        paths[i] = `src/part${random.below(40)}/moved${n}x${i}.ts`;
        changes.push(`D ${path}\n`);
      }
      changes.push(write(i));
    }
    commit(n < commits ? 'main' : 'extra', n, changes.join(''));
  }
  await history.project.gitWith({ input: stream.join(''), timeoutMs: 600_000 }, 'fast-import', '--quiet', '--force');
  await history.project.git('reset', '--quiet', '--hard');
  return history;
}

function statement(random: Random, n: number): string {
  return random.below(5) === 0 ? '}' : `  const value${random.below(500)} = compute(${n}, ${random.below(100)});`;
}
