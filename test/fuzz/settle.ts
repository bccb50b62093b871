import type { Tree } from './tree.ts';
import type { World } from './world.ts';

/** Somebody looks at a file, as an editor or a reading tool does. */
export async function look(world: World, tree: Tree, path: string): Promise<void> {
  const actor = { tool: 'reader', session: 'reader', kind: 'agent_action', call: 'look' } as const;
  await world.report({ event: 'before-edit', actor, edits: [{ file: tree.file(path) }] });
  await world.report({
    event: 'after-edit',
    actor,
    edits: [{ file: tree.file(path), written: { form: 'replacements', replacements: [] } }],
  });
  tree.saw(path);
}

/** What assistants have written is reported before git takes it away; some windows stay open. */
export async function settle(world: World, tree: Tree): Promise<void> {
  for (const agent of world.agents) if (agent.hasWritten(tree)) await agent.step();
  for (const document of world.documents) await document.session.adopt();
  for (const path of tree.files()) if (world.random.next() < 0.9) await look(world, tree, path);
  world.isPending(tree);
  world.takingAway(tree);
}

/** Git has moved HEAD and written files. */
export async function gitWasThere(world: World, tree: Tree): Promise<void> {
  await world.readHead(tree);
  tree.broughtByGit();
}
