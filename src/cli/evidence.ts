import { parseArgs } from 'node:util';
import { readPending } from '../change/pending.ts';
import { type AddedResults, addResults, type ResultsOptions } from '../change/results.ts';
import { readValidations } from '../change/validation.ts';
import type { KeptScan } from '../core/validation/scan.ts';
import { ScanStore } from '../ledger/scanStore.ts';
import { type Command, type Io, UsageError } from './command.ts';
import { printable } from './format.ts';
import { formatValidations } from './formatValidation.ts';
import { openForCommand } from './place.ts';

const kinds = ['sast', 'sca', 'dast', 'lint', 'other'] as const;

export const evidence: Command = {
  name: 'evidence',
  usage: 'evidence add FILE... [--kind KIND] [--commit REV] [--baseline] | list | remove TOOL',
  summary: 'keep results of scanners and tests: SARIF, ZAP, Invicti, Mend, npm audit, JUnit',
  async run([verb, ...args], io) {
    switch (verb) {
      case 'add':
        return await add(args, io);
      case 'list':
        return await list(args, io);
      case 'remove':
        return await remove(args, io);
      default:
        throw new UsageError('evidence is to add, list or remove');
    }
  },
};

async function add(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      kind: { type: 'string' },
      commit: { type: 'string' },
      build: { type: 'string' },
      baseline: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length === 0) throw new UsageError('a file of results is needed');
  const kind = kinds.find((each) => each === values.kind);
  if (values.kind !== undefined && !kind) throw new UsageError(`--kind is one of ${kinds.join(', ')}`);
  const place = await openForCommand(io);
  const options: ResultsOptions = {
    ...(kind && { kind }),
    ...(values.commit !== undefined && { commit: values.commit }),
    ...(values.build !== undefined && { build: printable(values.build).slice(0, 60) }),
    asBaseline: values.baseline,
  };
  const added = await addResults(place, positionals, io.cwd, options);
  if (values.json) io.out(`${JSON.stringify({ schema: 'countersign/evidence-added/1', ...added })}\n`);
  else io.out(addedText(added, values.baseline));
  return 0;
}

function addedText({ scans, tests }: AddedResults, isBaseline: boolean): string {
  const lines = scans.map((scan) => {
    const found = `${scan.total} ${scan.total === 1 ? 'finding' : 'findings'}`;
    const what = isBaseline ? `${found}, known from now on` : found;
    return `${nameOf(scan)}: ${[what, ...asideOf(scan)].join('; ')}\n`;
  });
  if (tests) lines.push(`tests: ${tests.run} run, ${tests.failed} failed, ${tests.skipped} skipped\n`);
  return lines.length > 0 ? lines.join('') : 'nothing was run: no results\n';
}

function asideOf({ outside, known, outdated }: Pick<KeptScan, 'outside' | 'known' | 'outdated'>): string[] {
  return [
    ...(known > 0 ? [`${known} suppressed or known`] : []),
    ...(outside > 0 ? [`${outside} outside the repository, not used`] : []),
    ...(outdated
      ? [`${outdated.files} ${outdated.files === 1 ? 'file has' : 'files have'} changed since the scan`]
      : []),
  ];
}

function nameOf({ tool, category, kind }: Pick<KeptScan, 'tool' | 'category' | 'kind'>): string {
  return printable(`${tool}${category === undefined ? '' : ` ${category}`} (${kind})`);
}

async function list(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { staged: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  });
  const place = await openForCommand(io);
  const files = await readPending(place, { staged: values.staged });
  const validations = await readValidations(place, { staged: values.staged, files });
  if (values.json) io.out(`${JSON.stringify({ schema: 'countersign/evidence/1', ...validations })}\n`);
  else
    io.out(
      formatValidations(validations) || 'no evidence: "countersign run" and "countersign evidence add" keep some\n',
    );
  return 0;
}

async function remove(args: readonly string[], io: Io): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  const [tool, ...more] = positionals;
  if (tool === undefined || more.length > 0) throw new UsageError('the name of one tool is needed');
  const place = await openForCommand(io);
  const store = new ScanStore(place.ledger.folder);
  const found = store.all().filter((scan) => scan.tool.toLowerCase() === tool.toLowerCase());
  if (found.length === 0)
    throw new Error(`there are no results of ${tool}: "countersign evidence list" names what there is`);
  for (const scan of found) store.remove(scan);
  io.out(`${found.map(nameOf).join(', ')}: forgotten\n`);
  return 0;
}
