import path from 'node:path';
import { parseArgs } from 'node:util';
import { readPending } from '../change/pending.ts';
import { reviewFile } from '../change/review.ts';
import { pathInRepository } from '../git/repository.ts';
import { type Command, UsageError } from './command.ts';
import { openForCommand } from './place.ts';

export const review: Command = {
  name: 'review',
  usage: 'review [PATH...] [--all]',
  summary: 'say that you have read the pending AI lines of files, or of all',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { all: { type: 'boolean', default: false } },
    });
    if (values.all === positionals.length > 0) throw new UsageError('name the files that you have read, or --all');
    const place = await openForCommand(io);
    const pending = (await readPending(place, { staged: false })).map((file) => file.path);
    let lines = 0;
    for (const file of values.all ? pending : positionals) {
      const relative = values.all ? file : pathInRepository(place.repository, path.resolve(io.cwd, file));
      if (relative === undefined || !pending.includes(relative)) throw new Error(`${file} has no pending change`);
      lines += await reviewFile(place, relative);
    }
    io.out(`${lines} AI ${lines === 1 ? 'line' : 'lines'} marked as reviewed\n`);
    return 0;
  },
};
