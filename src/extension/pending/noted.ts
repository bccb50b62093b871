/**
 * Whether a file in the folder of the pending state, by its name, holds what the risk is made of: logs, results and the
 * history, not the locks and the files in the making that come and go beside them.
 */
export function isNoted(name: string): boolean {
  return /\.(?:ndjson|json|bin)$/.test(name);
}
