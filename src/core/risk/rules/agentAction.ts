import { isDangerous } from '../../actions.ts';
import type { DangerousClass } from '../../commands/classes.ts';
import { plural, type Rule } from './rule.ts';

const floors: Readonly<Record<DangerousClass, number>> = {
  destructive: 80,
  'production-deploy': 70,
  privilege: 60,
  credentials: 60,
  'network-install': 60,
  'history-rewrite': 30,
};

/** A command that an assistant ran for the change and that needs a second look. It has been done: nothing lowers it. */
export const agentAction: Rule = {
  id: 'agent-action',
  find({ actions }) {
    return actions.filter(isDangerous).map(({ class: name, count, what }) => ({
      floor: floors[name as DangerousClass],
      detail: `${plural(count, `${name} command`)} of assistants: ${what.join(', ')}`,
      where: [],
      remedy: { id: 'look', by: 'person', action: 'look at what it did: it counts for the commit that comes next' },
    }));
  },
};
