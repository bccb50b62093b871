import * as vscode from 'vscode';
import type { Assistant } from '../agents/assistant.ts';
import { assistants } from '../agents/assistants.ts';
import { isFound, thisUser } from '../agents/install/hookCommand.ts';
import { type InstallationPlan, planInstall, planUninstall } from '../agents/install/plan.ts';
import { writeLauncher } from '../launcher.ts';
import type { Previews } from './previews.ts';

interface Choice extends vscode.QuickPickItem {
  readonly assistant: Assistant;
  readonly plan: InstallationPlan;
}

const installable = assistants.filter(({ hooks }) => hooks);
const showChange: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('diff'),
  tooltip: 'Show What Changes',
};

/** Asks which assistants may report, those that are here first, and writes only then, just what was to be seen. */
export async function askToInstallAssistantHooks(program: string, previews: Previews): Promise<void> {
  const user = thisUser();
  const found = await Promise.all(installable.map((assistant) => isFound(assistant, user)));
  const ordered = [...installable.filter((_, i) => found[i]), ...installable.filter((_, i) => !found[i])];
  const choices = await Promise.all(
    ordered.map(async (assistant) => {
      const isHere = found[installable.indexOf(assistant)] === true;
      return choiceOf(assistant, await planInstall(assistant, user), isHere ? '' : 'not found here', isHere);
    }),
  );
  const picked = await pick(choices, previews, 'Let these assistants report what they write?');
  if (picked.length === 0) return;
  requireAllowed(picked);
  await writeLauncher(program);
  for (const { plan } of picked) await plan.carryOut();
  const remarks = picked.flatMap(({ assistant, plan }) => [
    ...plan.remarks,
    ...(assistant.hooks?.remark === undefined ? [] : [assistant.hooks.remark]),
  ]);
  // Said, and not waited for: it is done.
  void vscode.window.showInformationMessage(
    ['Countersign: these assistants report from now on:', names(picked), ...remarks].join(' '),
  );
}

/** Takes our entries out of the settings of those that are picked; all of them are, to begin with. */
export async function askToUninstallAssistantHooks(previews: Previews): Promise<void> {
  const user = thisUser();
  const plans = await Promise.all(
    installable.map(async (assistant) => ({ assistant, plan: await planUninstall(assistant, user) })),
  );
  const choices = plans
    .filter(({ plan }) => plan.changes.some(({ change }) => change === 'written' || change === 'removed'))
    .map(({ assistant, plan }) => choiceOf(assistant, plan, '', true));
  if (choices.length === 0) {
    await vscode.window.showInformationMessage('Countersign: no assistant reports to it.');
    return;
  }
  const picked = await pick(choices, previews, 'Stop letting these assistants report?');
  if (picked.length === 0) return;
  requireAllowed(picked);
  for (const { plan } of picked) await plan.carryOut();
  void vscode.window.showInformationMessage(`Countersign: taken out of ${names(picked)}.`);
}

function choiceOf(assistant: Assistant, plan: InstallationPlan, remark: string, isPicked: boolean): Choice {
  const files = plan.changes.map((change) => {
    if (change.change === 'refused') return `${change.file} stays as it is: ${change.why}`;
    return change.change === 'unchanged' ? `${change.file} (nothing to do)` : change.file;
  });
  const changes = plan.changes.some(({ change }) => change === 'written' || change === 'removed');
  return {
    label: assistant.title,
    description: remark,
    detail: files.join(', '),
    picked: isPicked && plan.changes.every(({ change }) => change !== 'refused'),
    ...(changes && { buttons: [showChange] }),
    assistant,
    plan,
  };
}

/** Those that were picked; none where the question was left. */
async function pick(choices: readonly Choice[], previews: Previews, title: string): Promise<readonly Choice[]> {
  const quickPick = vscode.window.createQuickPick<Choice>();
  try {
    quickPick.title = title;
    quickPick.placeholder = 'The files below each name change; the button shows how';
    quickPick.canSelectMany = true;
    quickPick.ignoreFocusOut = true;
    quickPick.items = choices;
    quickPick.selectedItems = choices.filter(({ picked }) => picked);
    return await new Promise((resolve, reject) => {
      quickPick.onDidTriggerItemButton(({ item }) => {
        showPlan(item.plan, previews).catch(reject);
      });
      quickPick.onDidAccept(() => resolve(quickPick.selectedItems));
      quickPick.onDidHide(() => resolve([]));
      quickPick.show();
    });
  } finally {
    quickPick.dispose();
  }
}

async function showPlan({ changes }: InstallationPlan, previews: Previews): Promise<void> {
  for (const change of changes) {
    if (change.change === 'written') await previews.showChange(change.file, change.before ?? '', change.after);
    if (change.change === 'removed') await previews.showChange(change.file, change.before, '');
  }
}

function requireAllowed(picked: readonly Choice[]): void {
  for (const { assistant, plan } of picked) {
    const refused = plan.changes.find((change) => change.change === 'refused');
    if (refused?.change === 'refused') {
      throw new Error(`${assistant.title}: ${refused.file} was left alone: ${refused.why}`);
    }
  }
}

function names(picked: readonly Choice[]): string {
  return picked.map(({ label }) => label).join(', ');
}
