import type { Without } from '../core/risk/risk.ts';
import { messageOf } from '../errors.ts';

/** Asks for parts that an answer can do without: one that fails, or is late, is left out, and that is said. */
export class Attempts {
  readonly #without: Without[] = [];

  get without(): readonly Without[] {
    return this.#without;
  }

  /** Says that something is left out. */
  note(what: string, why: string): void {
    this.#without.push({ what, why });
  }

  /**
   * @param what how the part is called where it is left out
   * @param limit in ms; what comes later is not waited for
   */
  async ask<T>(what: string, part: () => Promise<T>, limit?: number): Promise<T | undefined> {
    try {
      return limit === undefined ? await part() : await within(part(), limit);
    } catch (error) {
      this.note(what, messageOf(error));
      return undefined;
    }
  }
}

async function within<T>(part: Promise<T>, limit: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${limit} ms`)), limit);
  });
  try {
    return await Promise.race([part, late]);
  } finally {
    clearTimeout(timer);
  }
}
