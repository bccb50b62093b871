import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Without these the folder opens in Restricted Mode, and panels that nobody asked for cover what there is to see. In a
 * browser, VS Code saves by itself after a second; here a file is saved when somebody does it, as on the desktop.
 */
const quiet = {
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'update.mode': 'none',
};

/** Writes the settings of a user data folder, which has to be done before VS Code starts with it. */
export async function writeSettings(userData: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const user = path.join(userData, 'User');
  await mkdir(user, { recursive: true });
  await writeFile(path.join(user, 'settings.json'), `${JSON.stringify({ ...quiet, ...more }, null, 2)}\n`);
}
