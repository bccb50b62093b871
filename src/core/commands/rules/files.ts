import { isPrecious } from '../paths.ts';
import type { Rules, Use } from '../rule.ts';

const precious = ({ command, surroundings }: Use, path: string): boolean =>
  isPrecious(path, command.place, surroundings);

/** Some operand lies neither in the repository nor among temporary files. */
const reachesOut = (use: Use): boolean => use.arguments.operands.some(({ text }) => precious(use, text));

/** The same for `cmd.exe`, whose options begin with a slash, and PowerShell, which may name the path by an option. */
const reachesOutOnWindows = (use: Use): boolean => {
  const paths = use.arguments.operands.filter(({ text }) => !/^\/[a-z]$/i.test(text));
  if (paths.length === 0) return (use.command.input.paths ?? []).some((path) => precious(use, path));
  return paths.some(({ text }) => precious(use, text));
};

const filters = /^-(i?name|i?path|i?regex|empty|newer\w*|[acm](time|min)|size|type|user|perm)$/;
const systemFile = /^\/(etc|usr|bin|sbin|lib|boot|var|opt|dev)\//;
/** No file at all, temporary, or a matter of rights. */
const ownedBySomethingElse = /^\/dev\/(null|stdout|stderr|tty|fd\/\d+)$|^\/etc\/sudoers|^\/var\/tmp\//;
const remote = /^[^/\\]{2,}:/;

/** The paths that code in an option says in so many words to remove. */
function removedByCode({ command }: Use): string[] {
  const removal =
    /\b(?:rmtree|rmSync|rm|rmdirSync|rmdir|rm_rf|rm_r|remove_tree|remove_entry|unlinkSync|unlink|remove|removeSync)\b\s*(?:glob\s*)?\(?\s*(?:r?)(['"])(.*?)\1/g;
  return command.words.flatMap(({ text }) => [...text.matchAll(removal)].map((found) => found[2] as string));
}

export const files: readonly Rules[] = [
  {
    class: 'destructive',
    because: 'removes files outside the repository, or all of it',
    calls: [
      { match: 'rm -r|-R|--recursive', when: reachesOut, says: 'rm -r' },
      { match: 'rm !-r|-R|--recursive', when: reachesOut },
      { match: 'unlink|srm', when: reachesOut },
      { match: 'shred', when: reachesOut },
      {
        match: 'find',
        says: 'find -delete',
        when: (use) => {
          const words = use.command.words.map(({ text }) => text);
          if (!words.includes('-delete')) return false;
          const start = words.findIndex((text) => /^[-(!]/.test(text));
          const isFiltered = words.some((text) => filters.test(text));
          const roots = words.slice(0, start);
          return (roots.length > 0 ? roots : ['.']).some((root) => precious(use, isFiltered ? `${root}/found` : root));
        },
      },
      {
        match: 'remove-item|ri|rd|rmdir|del|erase|clear-content',
        when: (use) => use.command.program !== 'rmdir' && reachesOutOnWindows(use),
      },
      {
        match: 'python|node|ruby|perl|php|deno|bun',
        says: 'removal by code',
        when: (use) => removedByCode(use).some((path) => precious(use, path)),
      },
      { match: 'mv', says: 'mv to /dev/null', when: (use) => use.arguments.operands.at(-1)?.text === '/dev/null' },
    ],
  },
  {
    class: 'destructive',
    because: 'overwrites what is outside the repository',
    calls: [
      { match: 'truncate', when: reachesOut },
      {
        match: 'dd',
        when: (use) =>
          use.arguments.operands.some(({ text }) => text.startsWith('of=') && precious(use, text.slice('of='.length))),
      },
      {
        match: 'rsync ** --delete|--delete-after|--delete-before|--delete-during|--delete-excluded',
        says: 'rsync --delete',
        when: (use) => {
          const to = use.arguments.operands.at(-1)?.text ?? '';
          return remote.test(to) || precious(use, to);
        },
      },
      {
        match: '*',
        says: 'write to a system file',
        when: ({ command, arguments: a }) => {
          const written = command.redirections.filter(({ operator }) => operator === '>').map(({ target }) => target);
          const copied = command.program === 'tee' && !a.has('-a') && !a.has('--append') ? a.operands : [];
          return [...written, ...copied].some(({ text }) => systemFile.test(text) && !ownedBySomethingElse.test(text));
        },
      },
    ],
  },
  {
    class: 'destructive',
    because: 'erases a disk or a volume',
    calls: [
      'mkfs|mkfs.ext2|mkfs.ext3|mkfs.ext4|mkfs.xfs|mkfs.btrfs|mkfs.vfat|mke2fs|mkswap',
      'wipefs|blkdiscard',
      'sgdisk -Z|--zap-all|-o',
      'parted ** mklabel|rm',
      'lvremove|vgremove|pvremove',
      'zpool|zfs destroy',
      'cryptsetup luksFormat|erase|luksErase',
      'diskutil eraseDisk|eraseVolume|reformat|zeroDisk',
      'format-volume|clear-disk|initialize-disk|remove-partition',
    ],
  },
  { class: 'destructive', because: "removes the user's scheduled jobs", calls: ['crontab -r'] },
];
