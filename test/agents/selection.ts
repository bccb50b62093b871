import { type AssistantName, assistantNames, isAssistantName } from './lab/assistants.ts';

/** Names the assistants that the suites are limited to, separated by blanks; unset or empty means all of them. */
export const selectionVariable = 'COUNTERSIGN_TEST_AGENTS';

/** The assistants to test with. A name that nobody knows is an error: it would otherwise test nothing, and pass. */
export function selectAssistants(names: readonly string[]): readonly AssistantName[] {
  const wrong = names.find((name) => !isAssistantName(name));
  if (wrong !== undefined) {
    throw new Error(`There is no assistant named ${wrong}; known are ${assistantNames.join(', ')}.`);
  }
  return names.length === 0 ? assistantNames : names.filter(isAssistantName);
}

export function selectedAssistants(): readonly AssistantName[] {
  return selectAssistants((process.env[selectionVariable] ?? '').split(' ').filter((name) => name !== ''));
}
