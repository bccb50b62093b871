import { isProgramName, type ProgramName, programNames, programs } from './lab/programs.ts';

/** Names the assistants that the suites are limited to, separated by blanks; unset or empty means all of them. */
export const selectionVariable = 'COUNTERSIGN_TEST_AGENTS';

/**
 * The programs to test with: those that are named, and those of the assistants that are named. A name that nobody knows is
 * an error: it would otherwise test nothing, and pass.
 */
export function selectPrograms(names: readonly string[]): readonly ProgramName[] {
  const wrong = names.find((name) => !isProgramName(name));
  if (wrong !== undefined) {
    throw new Error(`There is no assistant named ${wrong}; known are ${programNames.join(', ')}.`);
  }
  if (names.length === 0) return programNames;
  return programNames.filter((name) => names.includes(name) || names.includes(programs[name].assistant));
}

export function selectedPrograms(): readonly ProgramName[] {
  return selectPrograms((process.env[selectionVariable] ?? '').split(' ').filter((name) => name !== ''));
}
