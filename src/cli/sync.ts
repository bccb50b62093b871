import { parseArgs } from 'node:util';
import { defaultRemote } from '../git/remotes.ts';
import { type Exchange, type SyncResult, sync as syncWith } from '../git/sync.ts';
import { type Command, UsageError } from './command.ts';
import { openForReading } from './place.ts';

export const sync: Command = {
  name: 'sync',
  usage: 'sync [REMOTE] [--json]',
  summary: 'exchange the records with a remote',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const [named, ...more] = positionals;
    if (more.length > 0) throw new UsageError('at most one remote can be named');
    const { git } = await openForReading(io);
    // A person at a terminal may be asked for a password, as "git fetch" would ask.
    const env = process.stdin.isTTY ? { GIT_TERMINAL_PROMPT: undefined } : {};
    const result = await syncWith(git, named ?? (await defaultRemote(git)), { env });
    io.out(values.json ? `${JSON.stringify({ schema: 'countersign/sync/1', ...result })}\n` : resultText(result));
    return 0;
  },
};

function resultText({ remote, records, notes }: SyncResult): string {
  const text = ({ received, sent }: Exchange): string => `${received} received, ${sent} sent`;
  return `${remote}: records ${text(records)}; notes ${text(notes)}\n`;
}
