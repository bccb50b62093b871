import * as v from 'valibot';
import { type CommandClass, commandClasses, dangerousClasses } from './commands/classes.ts';

/** Classes of commands that are kept: all that say something. */
export const actionClasses = commandClasses.filter((name) => name !== 'other');

/** What one command did, in the rules' words. */
export const ActionSchema = v.object({
  class: v.picklist(actionClasses),
  what: v.pipe(v.array(v.string()), v.readonly()),
});
export type Action = v.InferOutput<typeof ActionSchema>;

/** Commands of one class that assistants ran for a change (DESIGN 5.2). */
export const ActionsSchema = v.object({
  class: v.picklist(actionClasses),
  /** Commands. */
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
  tools: v.array(v.string()),
  /** What they were told to do, in the rules' words: `terraform destroy`. */
  what: v.array(v.string()),
});
export type Actions = v.InferOutput<typeof ActionsSchema>;

/** Names listed of one class at most. */
const maxNames = 8;

/** What commands come to, by class. */
export function sumActions(
  commands: readonly { readonly tool: string; readonly actions: readonly Action[] }[],
): Actions[] {
  return actionClasses.flatMap((name): Actions[] => {
    const of = commands.flatMap(({ tool, actions }) =>
      actions.filter((action) => action.class === name).map(({ what }) => ({ tool, what })),
    );
    if (of.length === 0) return [];
    const tools = [...new Set(of.map(({ tool }) => tool))];
    const what = [...new Set(of.flatMap((command) => command.what))];
    return [{ class: name, count: of.length, tools: tools.slice(0, maxNames), what: what.slice(0, maxNames) }];
  });
}

/** The actions of several records as one: of a commit that was squashed. */
export function joinActions(lists: readonly (readonly Actions[])[]): Actions[] {
  return actionClasses.flatMap((name): Actions[] => {
    const of = lists.flat().filter((actions) => actions.class === name);
    if (of.length === 0) return [];
    const names = (key: 'tools' | 'what'): string[] =>
      [...new Set(of.flatMap((actions) => actions[key]))].slice(0, maxNames);
    return [
      { class: name, count: of.reduce((sum, { count }) => sum + count, 0), tools: names('tools'), what: names('what') },
    ];
  });
}

export function isDangerous({ class: name }: { readonly class: CommandClass }): boolean {
  return (dangerousClasses as readonly CommandClass[]).includes(name);
}
