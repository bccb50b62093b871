import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runScript } from './lifetime.ts';
import { root } from './paths.ts';
import { type LabelledCommit, readDataset } from './train/dataset.ts';
import { evaluate } from './train/evaluation.ts';
import { compareSettings } from './train/select.ts';
import { shippedFiles } from './train/shipped.ts';

// npm run train [-- --evaluate | --select | --check]: makes the model of src/core/risk from data/, and writes it. Instead, with
// --evaluate: how well such models rank the commits of projects that they have not seen; with --select: what the settings were
// chosen by; with --check: whether the model that ships is the one that training makes. docs/risk-model.md says more.
runScript(async () => {
  const { values } = parseArgs({
    options: { evaluate: { type: 'boolean' }, select: { type: 'boolean' }, check: { type: 'boolean' } },
  });
  const issta21 = await readDataset('issta21');
  if (values.evaluate) process.stdout.write(`${evaluate(issta21, await readDataset('neurojit'))}\n`);
  else if (values.select) printSelection(issta21);
  else if (values.check) await check(issta21);
  else await write(issta21);
});

function printSelection(commits: readonly LabelledCommit[]): void {
  for (const line of compareSettings(commits)) process.stdout.write(`${line}\n`);
}

async function write(commits: readonly LabelledCommit[]): Promise<void> {
  for (const [file, text] of Object.entries(shippedFiles(commits))) {
    await writeFile(path.join(root, file), text);
    process.stdout.write(`${file}: ${text.length} bytes\n`);
  }
}

async function check(commits: readonly LabelledCommit[]): Promise<void> {
  for (const [file, text] of Object.entries(shippedFiles(commits))) {
    if ((await readFile(path.join(root, file), 'utf8')) !== text) {
      throw new Error(`${file} is not what training makes: npm run train makes it anew.`);
    }
    process.stdout.write(`${file} is what training makes\n`);
  }
}
