import path from 'node:path';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { all, type Lifetime, runScript } from '../../scripts/lifetime.ts';
import { testFiles } from '../../scripts/testFiles.ts';
import { installHost } from '../../scripts/vscode-host/install.ts';
import { temporaryFolder } from '../../scripts/vscode-host/isolation.ts';
import { chosenHosts, type HostName, verifyOldest } from '../../scripts/vscode-host/versions.ts';
import { startBrowser } from '../../scripts/vscode-host/workbench.ts';
import { makeVsix } from '../../scripts/vsix.ts';
import { addCounts, type Counts, countTests, leaveCounts } from '../support/counts.ts';
import { startBridge } from './bridge/server.ts';
import { bundleSuites } from './bundle.ts';
import { testOnDesktop } from './onDesktop.ts';
import { type ServerRun, testOnServer } from './onServer.ts';

// The host suites, in a real VS Code: `node --import tsx test/host/run.ts [-g PATTERN]`. They test what stands in dist/.
//   COUNTERSIGN_HOST=oldest|current   one version alone
//   VSCODE_TEST_HOST=desktop          the desktop program instead of the server and a browser
//   VSCODE_PATH=PROGRAM               that desktop program instead of a downloaded one
//   COUNTERSIGN_HOST_LOG=1            what the workbench and the extension host say, on stderr
runScript(async (lifetime) => {
  const { grep } = parseArgs({ options: { grep: { type: 'string', short: 'g' } } }).values;
  await verifyOldest();
  const counts = usesDesktop() ? await onDesktop(lifetime, grep) : await onServer(lifetime, grep);
  leaveCounts(counts);
  if (counts.failed.length > 0) process.exitCode = 1;
});

function usesDesktop(): boolean {
  const host = process.env['VSCODE_TEST_HOST'];
  if (host && host !== 'desktop') throw new Error(`VSCODE_TEST_HOST is "${host}": it can be "desktop".`);
  return host === 'desktop';
}

async function onServer(lifetime: Lifetime, grep: string | undefined): Promise<Counts> {
  const hosts = chosenHosts();
  const browser = await startBrowser(lifetime); // first of all: it is what a machine may lack
  const [bundle, vsixes, bridge] = await all([
    bundleSuites(lifetime),
    makeVsixes(lifetime),
    startBridge(lifetime),
    ...hosts.map(installHost),
  ]);
  let counts = await testOutside(grep);
  for (const host of hosts) {
    counts = addCounts(counts, await testOnServer(lifetime, host, { bridge, bundle, browser, grep, ...vsixes }));
  }
  return counts;
}

async function makeVsixes(lifetime: Lifetime): Promise<Pick<ServerRun, 'vsix' | 'marketplaceVsix'>> {
  const out = await temporaryFolder(lifetime, 'vsix');
  const [vsix, marketplaceVsix] = await all([
    makeVsix(lifetime, { out, marketplace: false }),
    makeVsix(lifetime, { out, marketplace: true }),
  ]);
  return { vsix, marketplaceVsix };
}

async function onDesktop(lifetime: Lifetime, grep: string | undefined): Promise<Counts> {
  // An installed program has the version it has: testing it twice would say nothing new.
  const hosts: readonly HostName[] = process.env['VSCODE_PATH'] ? ['current'] : chosenHosts();
  const [bundle, bridge] = await all([bundleSuites(lifetime), startBridge(lifetime)]);
  let counts = await testOutside(grep);
  for (const host of hosts) counts = addCounts(counts, await testOnDesktop(lifetime, host, { bridge, bundle, grep }));
  return counts;
}

/** The tests of the scripts that start VS Code: they run here, not inside it. */
async function testOutside(grep: string | undefined): Promise<Counts> {
  process.stdout.write('\nOutside of VS Code\n');
  const mocha = new Mocha({
    reporter: 'spec',
    timeout: 120_000,
    slow: 20_000,
    ...(grep === undefined ? {} : { grep }),
  });
  for (const file of await testFiles(path.join(__dirname, 'outside'))) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const counts = await new Promise<() => Counts>((resolve) => {
    const runner = mocha.run(() => resolve(counted));
    const counted = countTests(runner);
  });
  return counts();
}
