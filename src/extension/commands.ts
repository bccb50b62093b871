import path from 'node:path';
import * as vscode from 'vscode';
import { reviewFile } from '../change/review.ts';
import { messageOf } from '../errors.ts';
import { requireGit } from '../git/git.ts';
import { commitHooks } from '../git/hooks/events.ts';
import { type HookChange, planInstall, planUninstall } from '../git/hooks/plan.ts';
import { shellLauncherPath, writeLauncher } from '../launcher.ts';
import { askToInstallAssistantHooks, askToUninstallAssistantHooks } from './assistantHooks.ts';
import type { Capture } from './capture/capture.ts';
import { Owner } from './lifecycle.ts';
import type { Log } from './log.ts';
import type { OpenPlace, Places } from './places.ts';
import { Previews } from './previews.ts';
import { toggleAnnotations } from './settings.ts';
import { addEvidence } from './validation/addEvidence.ts';
import { showPendingChange } from './views/pendingPick.ts';
import type { PendingSummary } from './views/pendingSummary.ts';
import { showRisk } from './views/riskPick.ts';

/** What the commands work with. */
export interface Services {
  readonly places: Places;
  readonly capture: Capture;
  readonly summary: PendingSummary;
  readonly log: Log;
  /** The bundled command line. */
  readonly program: string;
}

/** Every command; `package.json` gives them their titles, and a test compares the two. */
export const commands: Readonly<
  Record<string, (services: Services & { readonly previews: Previews }) => Promise<void>>
> = {
  'countersign.showPendingChange': ({ summary }) => showPendingChange(summary),
  'countersign.showRisk': ({ summary }) => showRisk(summary),
  'countersign.addEvidence': async ({ places, program }) => {
    const place = await pickPlace(places);
    if (place) await addEvidence(place, program);
  },
  'countersign.reviewFile': reviewActiveFile,
  'countersign.toggleAnnotations': toggleAnnotations,
  'countersign.installGitHooks': askToInstallGitHooks,
  'countersign.uninstallGitHooks': takeOutGitHooks,
  'countersign.installAssistantHooks': ({ program, previews }) => askToInstallAssistantHooks(program, previews),
  'countersign.uninstallAssistantHooks': ({ previews }) => askToUninstallAssistantHooks(previews),
};

export class Commands extends Owner {
  constructor(services: Services) {
    super();
    const previews = this.own(new Previews());
    for (const [id, run] of Object.entries(commands)) {
      this.own(
        vscode.commands.registerCommand(id, async () => {
          try {
            await run({ ...services, previews });
          } catch (error) {
            services.log.error(error);
            await vscode.window.showErrorMessage(`Countersign: ${messageOf(error)}`);
          }
        }),
      );
    }
  }
}

async function reviewActiveFile({ places, capture }: Services): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const placed = document && (await places.ofDocument(document));
  if (!document || !placed) throw new Error('open a file of a git repository first');
  if (document.isDirty) throw new Error('save the file first: a review is of what is on disk');
  await capture.flush();
  const count = await reviewFile(placed.place, placed.path);
  vscode.window.setStatusBarMessage(`Countersign: ${count} AI lines marked as reviewed`, 4_000);
}

/** The repository of the active file, else the only one there is, else the one that is picked. */
async function pickPlace(places: Places): Promise<OpenPlace | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const ofFile = document && (await places.ofDocument(document));
  if (ofFile) return ofFile.place;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found = await Promise.all(folders.map((folder) => places.ofFolder(folder.uri.fsPath)));
  const all = [...new Set(found.filter((place) => place !== undefined))];
  if (all.length === 0) throw new Error('no folder of this window is in a git repository: open one, or run "git init"');
  if (all.length === 1) return all[0];
  const picked = await vscode.window.showQuickPick(all.map((place) => ({ label: place.repository.top, place })));
  return picked?.place;
}

/** Asks once, showing what will be written, and writes only then. */
async function askToInstallGitHooks({ places, program }: Services): Promise<void> {
  const place = await pickPlace(places);
  if (!place) return;
  await requireGit(place.repository.git);
  const { repository } = place;
  const plan = await planInstall(repository, { hooks: commitHooks, launcher: shellLauncherPath() });
  if (plan.refusal !== undefined) throw new Error(plan.refusal);
  const refused = plan.changes.find((change) => change.change === 'refused');
  if (refused?.change === 'refused') throw new Error(`${refused.hook}: ${refused.why}`);
  const detail = [
    'A call of Countersign is added to these hooks (what is in them already stays and still runs):',
    ...shownChanges(plan.changes, repository.top),
    ...plan.remarks,
    '',
    'Commits with AI lines then get trailers like these:',
    'Assisted-by: Claude Code (claude-opus-4-5)',
    'AI-Lines: 48/120 added, 40 reviewed, 12 unknown',
    'Change-Risk: high 84/100 (unseen-ai)',
    'Provenance: sha256:…',
  ].join('\n');
  const install = 'Set the Hooks';
  const answer = await vscode.window.showInformationMessage(
    'Set the git hooks of this repository?',
    { modal: true, detail },
    install,
  );
  if (answer !== install) return;
  await writeLauncher(program);
  await plan.carryOut();
  await vscode.window.showInformationMessage('Countersign: the git hooks are set.');
}

/** Each file or section with the very lines that it gets; once for all those that differ in the hook's name alone. */
function shownChanges(changes: readonly HookChange[], top: string): string[] {
  const shapes = new Map<string, { lines: readonly string[]; hooks: string[]; where: string }>();
  for (const change of changes) {
    const where = path.isAbsolute(change.where) ? path.relative(top, change.where) : change.where;
    const lines = change.change === 'written' ? change.lines.map((line) => `    ${line}`) : [];
    const shape = lines.join('\n').replaceAll(change.hook, '');
    const same = shapes.get(shape);
    if (same) same.hooks.push(change.hook);
    else shapes.set(shape, { lines, hooks: [], where });
  }
  return [...shapes.values()].flatMap(({ lines, hooks, where }) => [
    hooks.length === 0 ? where : `${where} and, each with its own name, ${hooks.join(', ')}`,
    ...lines,
  ]);
}

async function takeOutGitHooks({ places }: Services): Promise<void> {
  const place = await pickPlace(places);
  if (!place) return;
  const plan = await planUninstall(place.repository);
  await plan.carryOut();
  const count = plan.changes.filter(({ change }) => change === 'taken out' || change === 'removed').length;
  await vscode.window.showInformationMessage(`Countersign: taken out of ${count} git hooks.`);
}
