/** Code units that are compared at once: the engine compares strings much faster than a loop does. */
const stride = 4_096;
const lineFeed = 0x0a;

/** How much of two texts is the same at both ends, in whole lines; UTF-16 code units. The two ends never overlap. */
export interface CommonEnds {
  readonly head: number;
  readonly tail: number;
}

export function commonEnds(a: string, b: string): CommonEnds {
  const shorter = Math.min(a.length, b.length);
  let head = commonHead(a, b, shorter);
  if (head > 0 && head < Math.max(a.length, b.length)) head = a.lastIndexOf('\n', head - 1) + 1;
  let tail = commonTail(a, b, shorter - head);
  // The tail begins behind a line break, in both texts.
  while (tail > 0 && !(beginsLine(a, a.length - tail) && beginsLine(b, b.length - tail))) {
    const next = a.indexOf('\n', a.length - tail);
    tail = next < 0 ? 0 : a.length - next - 1;
  }
  return { head, tail };
}

function beginsLine(text: string, offset: number): boolean {
  return offset === 0 || text.charCodeAt(offset - 1) === lineFeed;
}

function commonHead(a: string, b: string, limit: number): number {
  let length = 0;
  for (let step = stride; step > 0; step = step > 1 ? step >> 2 : 0) {
    while (length + step <= limit && a.slice(length, length + step) === b.slice(length, length + step)) length += step;
  }
  return length;
}

function commonTail(a: string, b: string, limit: number): number {
  let length = 0;
  const same = (from: number, to: number): boolean =>
    a.slice(a.length - to, a.length - from) === b.slice(b.length - to, b.length - from);
  for (let step = stride; step > 0; step = step > 1 ? step >> 2 : 0) {
    while (length + step <= limit && same(length, length + step)) length += step;
  }
  return length;
}
