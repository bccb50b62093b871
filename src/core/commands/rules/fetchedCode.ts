import type { Rules, Use } from '../rule.ts';

const address = /^(git\+|git:|git@|https?:|ssh:|github:|gitlab:|bitbucket:|gist:)|^[\w.-]+ ?@ ?(git\+|https?:)/;
const archives = /\.(whl|zip|tar\.gz|tgz)$/;

export const fetchedCode: readonly Rules[] = [
  {
    class: 'network-install',
    because: 'runs code that comes straight from an address',
    calls: [
      { match: '*', says: 'run of fetched code', when: ({ command }) => command.runsFetched },
      {
        match: 'deno run|install|eval',
        when: ({ arguments: a }) => a.operands.some(({ text }) => /^https?:/.test(text)),
      },
      {
        match: 'npx|bunx|uvx|pipx',
        when: ({ arguments: a, command }) => [...a.operands, ...command.words].some(({ text }) => address.test(text)),
      },
    ],
  },
  {
    class: 'network-install',
    because: 'installs code from an address that is no package registry',
    calls: [
      ...[
        'pip install|download',
        'uv add|tool',
        'uv pip install',
        'pipx install',
        'poetry add',
        'pipenv install',
        'conda install',
      ].map((match) => ({
        match,
        when: ({ arguments: a }: Use) =>
          [...a.operands.slice(1), ...a.valuesOf('-e', '--editable', '-r')].some(({ text }) => address.test(text)),
      })),
      ...['npm|pnpm|bun install|i|add', 'yarn add', 'yarn global add', 'npm exec', 'pnpm dlx'].map((match) => ({
        match,
        when: ({ arguments: a }: Use) =>
          a.operands
            .slice(1)
            .some(({ text }) => address.test(text) || (/^\w[\w.-]*\/[\w.-]+$/.test(text) && !archives.test(text))),
      })),
      'cargo install --git',
      {
        match: 'gem|luarocks|brew|apt|apt-get|dnf|yum|rpm|dpkg|snap|code install|localinstall',
        when: ({ arguments: a }) => a.operands.slice(1).some(({ text }) => /^https?:/.test(text)),
      },
      {
        match: 'rpm|dpkg -i|-U|--install',
        when: ({ arguments: a }) => a.operands.some(({ text }) => /^https?:/.test(text)),
      },
    ],
  },
];
