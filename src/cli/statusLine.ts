/** A line on standard error that says how far a long work is; where that is no terminal, nothing is said. */
export function statusLine(): { show(text: string): void; clear(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  const write = (text: string): void => {
    stderr.write(`\r\u001b[K${text}`);
  };
  let last = 0;
  return {
    show(text) {
      // More often than that nobody can read.
      if (performance.now() - last < 100) return;
      last = performance.now();
      write(text);
    },
    clear: () => write(''),
  };
}
