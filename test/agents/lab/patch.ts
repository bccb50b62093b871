import type { ToolCall } from './dialect.ts';
import type { Edit, Tools } from './program.ts';

/**
 * The edits of an assistant that has one tool for all of them, in the form that models of the GPT family were taught:
 * a patch of any number of files. `place` gives a file's name as the tool takes it.
 */
export function patchTools(
  call: (patch: string) => ToolCall,
  place = (file: string): string => file,
): Required<Pick<Tools, 'create' | 'edit' | 'patch'>> {
  const edits = (...all: readonly Edit[]): ToolCall =>
    call(
      patch(
        all.flatMap(({ file, before, after }) => [
          `*** Update File: ${place(file)}`,
          '@@',
          marked('-', before),
          marked('+', after),
        ]),
      ),
    );
  return {
    create: (file, text) => call(patch([`*** Add File: ${place(file)}`, marked('+', text)])),
    edit: edits,
    patch: edits,
  };
}

function patch(lines: readonly string[]): string {
  return ['*** Begin Patch', ...lines, '*** End Patch', ''].join('\n');
}

const marked = (mark: string, text: string): string => text.replace(/\n$/, '').replace(/^/gm, mark);
