import { homedir } from 'node:os';
import path from 'node:path';
import type { Environment } from './assistant.ts';
import type { HookPayload } from './hookPayload.ts';
import { firstModel, lastModel, lastModelUnder } from './transcript.ts';

/** Where an entry of the terminal program's session file names a model: what answered, or what was chosen. */
const places = [
  ['data', 'newModel'],
  ['data', 'model'],
  ['data', 'selectedModel'],
];

/** The model that a session's files name last; `undefined` where they do not. */
export function copilotModel(
  { session_id, transcript_path }: HookPayload,
  environment: Environment,
): string | undefined {
  if (transcript_path && isEditorsTranscript(transcript_path)) return editorsModel(transcript_path);
  const folder = copilotFolder(environment['HOME'] ?? homedir(), environment);
  const events = transcript_path || path.join(folder, 'session-state', path.basename(session_id), 'events.jsonl');
  return lastModel(events, places) ?? firstModel(events, places);
}

/** VS Code keeps what was asked of which model in a file of the chat's, next to the folder of the extension's. */
function editorsModel(transcript: string): string | undefined {
  const chats = path.join(transcript, '..', '..', '..', 'chatSessions');
  const keys = ['modelId', 'resolvedModel'];
  const chat = path.join(chats, path.parse(transcript).name);
  return lastModelUnder(`${chat}.jsonl`, keys) ?? lastModelUnder(`${chat}.json`, keys) ?? lastModel(transcript, places);
}

/** Whether a session file is one of VS Code's, or of its extension. */
export function isEditorsTranscript(transcript: string): boolean {
  return /[\\/](github\.copilot-chat[\\/]transcripts|chatSessions)[\\/]/i.test(transcript);
}

export function copilotFolder(home: string, environment: Environment): string {
  return environment['COPILOT_HOME'] || path.join(home, '.copilot');
}
