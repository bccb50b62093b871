import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Answer, Assistant } from '../../src/agents/assistant.ts';
import { assistants } from '../../src/agents/assistants.ts';
import { commandClasses } from '../../src/core/commands/classes.ts';
import { isHeldOut, readLabelled } from './commands/labelled.ts';

const page = readFileSync(path.join(__dirname, '../../docs/supervision.md'), 'utf8');

/** What the assistant does with a verdict, in the words of the page. */
function does(assistant: Assistant, decision: 'ask' | 'deny'): string {
  const reason = 'Because.';
  const answer: Answer = assistant.answer?.({ decision, reason }, { hook_event_name: 'PreToolUse' }) ?? {};
  const told = JSON.stringify(answer);
  if (answer.stdout === undefined && !answer.refuses) return 'runs, and is recorded';
  if (decision === 'deny') return 'refused';
  return told.includes('cannot be made to ask') ? 'refused, for it cannot ask' : 'asks';
}

describe('the page on supervision', () => {
  for (const assistant of assistants.filter(({ id }) => id !== 'generic')) {
    it(`says what a policy can do with ${assistant.title}`, () => {
      const row = assistant.answer
        ? `| ${assistant.title} | ${does(assistant, 'deny')} | ${does(assistant, 'ask')} |`
        : `| ${assistant.title} | cannot be stopped`;
      assert.ok(page.includes(row), row);
    });
  }

  it('names every class, and the list as it is', () => {
    for (const name of commandClasses) assert.ok(page.includes(`| \`${name}\` |`), name);
    const all = readLabelled();
    const harmless = all.filter(({ classes }) => classes.includes('other')).length;
    assert.ok(page.includes(`lists ${all.length} commands`));
    assert.ok(page.includes(`${all.length - harmless} deserve a class, ${harmless} do not`));
    assert.ok(Math.abs(all.filter(isHeldOut).length / all.length - 1 / 3) < 0.05);
  });
});
