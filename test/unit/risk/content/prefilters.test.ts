import assert from 'node:assert/strict';
import path from 'node:path';
import { findingsOf } from '../../../../src/core/risk/content/compare.ts';
import { contentFindings, factsOf } from '../../../../src/core/risk/content/findings.ts';
import { mayHoldScanned } from '../../../../src/core/risk/content/secrets/facts.ts';
import { scannedSecrets } from '../../../../src/core/risk/content/secrets/scanner.ts';
import { changedFile, readSnippets } from './snippets.ts';

const snippets = ['labelled', 'held-out'].flatMap((folder) => readSnippets(path.join(__dirname, folder)));
const textOf = (lines: readonly string[] | null): string | undefined => lines?.map((line) => `${line}\n`).join('');
const letters = (count: number): string => 'aB3dE6gH9jK2mN5pQ8sT1vW4xY7z'.repeat(40).slice(0, count);
const word = (count: number): string => 'aBdEgHjKmNpQsTvWxYz'.repeat(40).slice(0, count);
const hex = (count: number): string => '9e107d9d372bb6826bd81d3542a419d6'.repeat(9).slice(0, count);
const digits = (count: number): string => '493817265093'.repeat(9).slice(0, count);

/** A text in the form that each of the scanner's rules looks for; put together here, so that none stands in this file. */
const forms: Readonly<Record<string, string>> = {
  'aws key id': `AKIA${'Q7RT2MN8WX4YZ6KJ'}`,
  'aws secret': `aws_secret_access_key = "${letters(40)}"`,
  'aws account': `AWS_ACCOUNT_ID: '4938-1726-5093'`,
  npmrc: `//registry.npmjs.org/:_authToken=${letters(36)}`,
  oauth: `https://${hex(40)}:x-oauth-basic@github.com/acme/a`,
  slack: `xoxb-${digits(11)}-${digits(12)}-${letters(24)}`,
  'slack app': `xapp-1-A${digits(10)}-${digits(12)}-${hex(64)}`,
  'slack webhook': `https://Hooks.Slack.com/services/T${'4F7K2M9Q1'}/B${'8R3T6W5Z2'}/${letters(24)}`,
  basic: `https://deploy:${letters(16)}@packages.acme.dev/a`,
  openai: `sk-${letters(20)}T3BlbkFJ${letters(20)}`,
  anthropic: `sk-ant-api03-${letters(93)}AA`,
  groq: `gsk_${letters(52)}`,
  'hugging face': `hf_${word(34)}`,
  linear: `lin_api_${letters(40)}`,
  notion: `ntn_${digits(11)}${letters(35)}`,
  sendgrid: `SG.${letters(22)}.${letters(43)}`,
  shopify: `shpat_${hex(32)}`,
  stripe: `sk_live_${letters(24)}`,
  'github fine-grained': `github_pat_${letters(82)}`,
  gitlab: `glpat-${letters(20)}`,
  'grafana service account': `glsa_${letters(32)}_${hex(8)}`,
  mongodb: `mongodb+srv://shop:${letters(18)}@cluster0.acme.dev/shop`,
  postgres: `POSTGRES://shop:p'${letters(18)}@db.acme.dev/shop`,
  mysql: `jdbc:mysql://shop:${letters(18)}@db.acme.dev/shop`,
  vault: `hvs.${letters(95)}`,
  'vault batch': `hvb.${letters(140)}`,
  databricks: `dapi${hex(32)}`,
  docker: `dckr_pat_${letters(27)}`,
  figma: `figd_${letters(40)}`,
  tailscale: `tskey-auth-${letters(12)}-${letters(32)}`,
};

describe('what is left out of the rules on content for being quick changes nothing', () => {
  it('a text that is not scanned for secrets holds none that the scanner finds', async () => {
    const texts = snippets.flatMap(({ before, after }) => [textOf(before), textOf(after)]);
    const unscanned = texts.filter((text): text is string => text !== undefined && !mayHoldScanned(text));
    assert.ok(unscanned.length > texts.length / 2, `${unscanned.length} of ${texts.length}`);
    for (const text of unscanned) assert.deepEqual(await scannedSecrets(text, 'a.json'), []);
  });

  it('every form that the scanner looks for is scanned for', async () => {
    const found: string[] = [];
    for (const [name, form] of Object.entries(forms)) {
      const text = `a = "${form}"\n`;
      if ((await scannedSecrets(text, 'a.ts')).length > 0) {
        found.push(name);
        assert.ok(mayHoldScanned(text), name);
      }
    }
    assert.ok(found.length > 0.75 * Object.keys(forms).length, found.join(', '));
  });

  it('a text before that is not read would bring nothing', async () => {
    for (const { path: name, before, after } of snippets) {
      const file = changedFile(name, textOf(before), textOf(after));
      const facts = {
        before: await factsOf(name, file.before, file.removed, []),
        after: await factsOf(name, file.after, file.added, []),
      };
      const { findings } = await contentFindings([file]);
      // What needs both texts at once is no fact of either.
      const ofTexts = findings.filter(({ detail }) => detail !== 'a check of who calls is gone');
      assert.deepEqual(ofTexts, findingsOf([{ file, ...facts }]), name);
    }
  });
});
