import type { Sign } from '../fact.ts';
import { assignedSecrets } from './assignments.ts';

/** Lines with nothing of this hold no secret that either way of looking knows. */
const longRun = /[\w+/=.~!@#$%^&*-]{6,}/;

/**
 * What each of the scanner's rules needs to find anything: a text with none of it holds nothing for it. A test holds the
 * two together.
 */
const mayBeScanned =
  /PRIVATE KEY|private_key_id|\b(?:A3T|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)[A-Z0-9]{16}|(?:SECRET|secret|Secret)_?(?:ACCESS|access|Access)_?(?:KEY|key|Key)|(?:ACCOUNT|account|Account)_?(?:ID|id|Id)?["']?\s{0,20}(?::|=>|=)\s{0,20}["']?\d{4}|:\/\/\S{1,600}@|x-oauth-basic|_authToken=|npm_\w{36}|xox[a-z]-|xapp-|[hH][oO][oO][kK][sS]\.[sS][lL][aA][cC][kK]\.|T3BlbkFJ|sk-ant-|gsk_\w{52}|hf_[A-Za-z]{34}|lin_api_|ntn_\d{11}|SG\.\w{1,128}\.\w|shp(?:pa|ca|at|ss)_|[sr]k_(?:live|test)_|gh[pousr]_\w{20}|github_pat_|glpat-|glc_\w{20}|glsa_\w{20}|ops_ey|hv[bsr]\.[\w-]{40}|vc[piark]_\w{20}|dapi[A-Fa-f0-9]{32}|dckr_pat_|figd_|cf(?:k|ut|at)_\w{20}|tskey-/;

/** Whether the scanner could find anything in a text. */
export function mayHoldScanned(text: string): boolean {
  return mayBeScanned.test(text);
}

/** The secrets on some lines of a text. The scanner is loaded for texts of which one of these lines could hold one. */
export async function secretFacts(text: string, path: string, lines: readonly number[]): Promise<Sign[]> {
  const all = text.split('\n');
  const looked = lines.flatMap((number) => {
    const line = all[number - 1];
    return line !== undefined && longRun.test(line) ? [{ number, text: line }] : [];
  });
  if (looked.length === 0) return [];
  const assigned = assignedSecrets(looked, path);
  const known = new Set(assigned.map(({ line }) => line));
  if (!mayHoldScanned(text)) return assigned;
  const { scannedSecrets } = await import('./scanner.ts');
  const scanned = await scannedSecrets(text, path);
  return [...assigned, ...scanned.filter(({ line }) => !known.has(line))];
}
