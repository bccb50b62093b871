import { messageOf } from '../../errors.ts';
import { updateHistoryIndex } from '../../git/history/historyIndex.ts';
import { openRepository } from '../../git/repository.ts';

// A process of its own: reads the history of the repository that its argument lies in, and tells how far it is. The editor
// and what is typed in it go first, and an extension host that goes away takes this along.
const [, , folder = '.'] = process.argv;
const leave = (): never => process.exit(1);
process.once('disconnect', leave);

openRepository(folder)
  .then((repository) => updateHistoryIndex(repository, { onProgress: (progress) => process.send?.(progress) }))
  .then(
    () => {
      process.off('disconnect', leave);
      process.disconnect();
    },
    (error: unknown) => {
      process.stderr.write(messageOf(error), leave);
    },
  );
