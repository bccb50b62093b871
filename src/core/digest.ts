import { hash } from 'node:crypto';

/** SHA-256 in hex (64 digits); a string is hashed as UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}

/** The name under which an attributed text is stored. */
export function contentHash(text: string): string {
  return sha256(text);
}

/** The short hash of one line in a record: 48 bits of the SHA-256 of its text (UTF-8) without the line break, in hex. */
export function lineHash(line: string | Uint8Array): string {
  return sha256(line).slice(0, 12);
}
