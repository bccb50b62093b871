/** An assistant as it shows in the history of repositories. */
export interface AssistantIdentity {
  /** The id that an adapter gives it (`claude`). */
  readonly tool: string;
  /** Its name as it is written for people. */
  readonly name: string;
  /** Its name in one word, where that is not `name`. */
  readonly word?: string;
  /** Where it is named as co-author: the first is what it writes itself. In lower case. */
  readonly addresses?: readonly string[];
  /** Whether the first address is only seen in the wild, not known from the assistant itself. */
  readonly isUnconfirmed?: true;
  /** The numbers of its accounts on GitHub, which begin its noreply addresses. */
  readonly accounts?: readonly number[];
}

export const identities: readonly AssistantIdentity[] = [
  {
    tool: 'claude',
    name: 'Claude Code',
    word: 'Claude',
    addresses: ['noreply@anthropic.com'],
    accounts: [209825114, 215619710, 208546643],
  },
  {
    tool: 'codex',
    name: 'Codex',
    addresses: ['noreply@openai.com', 'codex@openai.com'],
    accounts: [215057067, 199175422, 267193182],
  },
  {
    tool: 'copilot',
    name: 'GitHub Copilot',
    word: 'Copilot',
    addresses: ['copilot@github.com'],
    accounts: [198982749, 223556219, 175728472, 167198135],
  },
  { tool: 'cursor', name: 'Cursor', addresses: ['cursoragent@cursor.com'], accounts: [206951365] },
  { tool: 'aider', name: 'aider', addresses: ['aider@aider.chat', 'noreply@aider.chat'] },
  { tool: 'amp', name: 'Amp', addresses: ['amp@ampcode.com'] },
  { tool: 'opencode', name: 'OpenCode', addresses: ['noreply@opencode.ai'] },
  { tool: 'openhands', name: 'OpenHands', addresses: ['openhands@all-hands.dev'] },
  { tool: 'kiro', name: 'Kiro', addresses: ['noreply@kiro.dev'], accounts: [244629292] },
  { tool: 'qwen', name: 'Qwen Code', word: 'Qwen', addresses: ['qwen-coder@alibabacloud.com'] },
  { tool: 'vibe', name: 'Mistral Vibe', word: 'Vibe', addresses: ['vibe@mistral.ai'] },
  { tool: 'crush', name: 'Crush', addresses: ['crush@charm.land'] },
  { tool: 'droid', name: 'Factory Droid', word: 'Droid', addresses: ['droid@factory.ai'], isUnconfirmed: true },
  {
    tool: 'continue',
    name: 'Continue',
    addresses: ['noreply@continue.dev'],
    isUnconfirmed: true,
    accounts: [230936708],
  },
  { tool: 'tabnine', name: 'Tabnine', addresses: ['noreply@tabnine.com'], isUnconfirmed: true },
  { tool: 'trae', name: 'TRAE', addresses: ['traecli@bytedance.com'], isUnconfirmed: true },
  { tool: 'lovable', name: 'Lovable', addresses: ['noreply@lovable.dev'], isUnconfirmed: true },
  { tool: 'bolt', name: 'Bolt', addresses: ['noreply@bolt.new'], isUnconfirmed: true },
  { tool: 'v0', name: 'v0', addresses: ['noreply@v0.dev'], isUnconfirmed: true },
  { tool: 'codebuff', name: 'Codebuff', addresses: ['noreply@codebuff.com'], isUnconfirmed: true },
  {
    tool: 'gemini',
    name: 'Gemini CLI',
    word: 'Gemini',
    addresses: ['gemini-cli-agent@google.com'],
    isUnconfirmed: true,
    accounts: [176961590],
  },
  { tool: 'windsurf', name: 'Windsurf', addresses: ['cascade@windsurf.ai'], isUnconfirmed: true },
  { tool: 'jules', name: 'Jules', accounts: [161369871] },
  { tool: 'amazon-q', name: 'Amazon Q', accounts: [208079219] },
  { tool: 'devin', name: 'Devin', accounts: [158243242] },
  { tool: 'cline', name: 'Cline', accounts: [205137888] },
  { tool: 'cody', name: 'Sourcegraph Cody', word: 'Cody', accounts: [201248094] },
  { tool: 'junie', name: 'JetBrains AI', word: 'JetBrains', accounts: [220155983] },
  { tool: 'kilo', name: 'Kilo', accounts: [240665456] },
  { tool: 'goose', name: 'Goose' },
  { tool: 'replit', name: 'Replit Agent', word: 'Replit' },
];

const byTool = new Map(identities.map((identity) => [identity.tool, identity]));
const byAddress = new Map(identities.flatMap((identity) => (identity.addresses ?? []).map((key) => [key, identity])));
const byAccount = new Map(identities.flatMap((identity) => (identity.accounts ?? []).map((key) => [key, identity])));
const byName = new Map(
  identities.flatMap((identity) =>
    [identity.tool, identity.name, identity.word ?? identity.name, identity.name.replaceAll(' ', '-')].map(
      (name): [string, AssistantIdentity] => [name.toLowerCase(), identity],
    ),
  ),
);

export function identityOf(tool: string): AssistantIdentity | undefined {
  return byTool.get(tool);
}

/** The assistant that an address of a commit's author or co-author belongs to, as far as is known. */
export function assistantAt(address: string): AssistantIdentity | undefined {
  const key = address.trim().toLowerCase();
  const account = /^(\d+)\+[^@]+@users\.noreply\.github\.com$/.exec(key)?.[1];
  return account === undefined ? byAddress.get(key) : byAccount.get(Number(account));
}

/** The assistant of a name, whatever its case: `Claude Code`, `claude-code`, `Claude`, `claude`. */
export function assistantNamed(name: string): AssistantIdentity | undefined {
  return byName.get(name.trim().toLowerCase());
}
