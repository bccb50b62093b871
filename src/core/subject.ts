/** The subject of a commit message as git has it: its first paragraph on one line. Not cleaned for a terminal. */
export function subjectOf(message: string): string {
  const [paragraph = ''] = message.trimStart().split(/\n[^\S\n]*\n/, 1);
  return paragraph
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
}
