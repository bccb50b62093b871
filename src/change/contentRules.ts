/** A bundle of its own: the rules on content and their parsers are only loaded to judge a change. */
export { contentFindings } from '../core/risk/content/findings.ts';
