import path from 'node:path';
import * as v from 'valibot';
import { sha256 } from '../core/digest.ts';
import { type Baseline, type KeptScan, KeptScanSchema } from '../core/validation/scan.ts';
import { namesIn, readIfThere, removeFile, replaceFile, statIfThere } from './files.ts';
import { parseJson } from './textStore.ts';

/** Scanners whose results are kept, and for how long, in ms. */
const maxScans = 32;
const maxAge = 90 * 24 * 60 * 60_000;
/** Ids in a baseline. */
const maxBaseline = 50_000;
/** A larger file, in bytes, is none of ours. */
const maxSize = 16 * 1024 * 1024;

const BaselineSchema = v.object({
  at: v.string(),
  ids: v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(1))),
});

type Name = Pick<KeptScan, 'tool' | 'category'>;

/**
 * The last results of each scanner, and what a person has called known: a file each, replaced as a whole, so that of two
 * processes that write at once the later one's is kept and a reader never sees half of one.
 */
export class ScanStore {
  readonly #folder: string;

  /** @param folder the ledger's */
  constructor(folder: string) {
    this.#folder = path.join(folder, 'scans');
  }

  /** The youngest first. What is damaged or too old is passed over. */
  all(): KeptScan[] {
    const scans = namesIn(this.#folder)
      .filter((name) => /^[0-9a-f]{16}\.json$/.test(name))
      .flatMap((name) => this.#read(KeptScanSchema, name) ?? []);
    return scans
      .filter(({ at }) => Date.now() - Date.parse(at) < maxAge)
      .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
      .slice(0, maxScans);
  }

  /** Keeps results in the place of the last ones of the same scanner. */
  keep(scan: KeptScan): void {
    replaceFile(this.#file(`${keyOf(scan)}.json`), JSON.stringify(scan));
    this.#tidy();
  }

  /** @throws where it has more than can be kept */
  keepBaseline(scan: Name, baseline: Baseline): void {
    if (baseline.size > maxBaseline)
      throw new Error(`a baseline of ${baseline.size} findings is too large: ${maxBaseline} at most`);
    const kept = { at: new Date().toISOString(), ids: Object.fromEntries(baseline) };
    replaceFile(this.#file(`${keyOf(scan)}.baseline.json`), JSON.stringify(kept));
  }

  baseline(scan: Name): Baseline | undefined {
    const kept = this.#read(BaselineSchema, `${keyOf(scan)}.baseline.json`);
    return kept && new Map(Object.entries(kept.ids));
  }

  /** Forgets a scanner's results and its baseline. */
  remove(scan: Name): void {
    removeFile(this.#file(`${keyOf(scan)}.json`));
    removeFile(this.#file(`${keyOf(scan)}.baseline.json`));
  }

  #read<T>(schema: v.GenericSchema<unknown, T>, name: string): T | undefined {
    const file = this.#file(name);
    const size = statIfThere(file)?.size;
    if (size === undefined || size > maxSize) return undefined;
    const read = v.safeParse(schema, parseJson(readIfThere(file) ?? ''));
    return read.success ? read.output : undefined;
  }

  #file(name: string): string {
    return path.join(this.#folder, name);
  }

  /** Baselines stay: they are as good as ever. */
  #tidy(): void {
    const files = namesIn(this.#folder)
      .filter((name) => /^[0-9a-f]{16}\.json$/.test(name))
      .map((name) => ({ name, at: statIfThere(this.#file(name))?.mtimeMs ?? 0 }))
      .sort((a, b) => b.at - a.at);
    const old = files.filter(({ at }, i) => i >= maxScans || Date.now() - at > maxAge);
    for (const { name } of old) removeFile(this.#file(name));
  }
}

function keyOf({ tool, category = '' }: Name): string {
  return sha256(`${tool.toLowerCase()}\0${category}`).slice(0, 16);
}
