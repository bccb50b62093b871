import type { Rules, Use } from '../rule.ts';

/** Everybody may write, or the program runs with its owner's rights. */
function opensMode({ arguments: options, command }: Use): boolean {
  const modes = [...options.operands.slice(0, 1), ...command.words.filter(({ text }) => /^-[rwxXst]+$/.test(text))];
  return modes.some(
    ({ text }) =>
      /^[0-7]{0,2}[0-7]{2}[2367]$/.test(text) ||
      /^0*[2467][0-7]{3}$/.test(text) ||
      text.split(',').some((clause) => /^([ugo]*[ao][ugoa]*|)[+=][rxXst]*w|^[ugoa]*[+=][rwxX]*s/.test(clause)),
  );
}

/** Writes that change who may log in or act as somebody else. */
const rightsFiles = /^\/etc\/(sudoers(\.d\/.*)?|passwd|group|pam\.d\/.*)$|\.ssh\/authorized_keys$/;

const granting =
  'attach-*-policy|put-*-policy|put-*-acl|put-public-access-block|add-user-to-group|add-role-to-instance-profile|create-policy|create-policy-version|set-default-policy-version|update-assume-role-policy|authorize-security-group-*|add-permission|create-grant|create-login-profile|modify-image-attribute|modify-snapshot-attribute';

export const privileges: readonly Rules[] = [
  {
    class: 'privilege',
    because: "runs with another user's rights",
    calls: [
      'su|doas|pkexec|runas|gsudo',
      'sudo !-h|-V|-l|--list|-K',
      {
        match: 'start-process',
        says: 'start-process -Verb RunAs',
        when: ({ command }) => command.words.some(({ text }) => text.toLowerCase() === 'runas'),
      },
    ],
  },
  {
    class: 'privilege',
    because: 'changes who may read, write or run files',
    calls: [
      { match: 'chmod', when: opensMode, says: 'chmod to open rights' },
      'chown|chgrp|setfacl|setcap|chattr|takeown|set-acl',
      {
        match: 'icacls',
        when: ({ command }) => command.words.some(({ text }) => /^\/(grant|setowner|reset|remove)/i.test(text)),
      },
      {
        match: '*',
        says: 'write to a file of rights',
        when: ({ command, arguments: a }) => {
          const written = command.redirections
            .filter(({ operator }) => operator !== '<')
            .map(({ target }) => target.text);
          const copied = /^(tee|cp|mv|install)$/.test(command.program) ? a.operands.map(({ text }) => text) : [];
          return [...written, ...copied].some((path) => rightsFiles.test(path));
        },
      },
    ],
  },
  {
    class: 'privilege',
    because: 'changes users, groups or their passwords',
    calls: [
      'usermod|useradd|userdel|adduser|deluser|groupadd|groupmod|groupdel|addgroup|gpasswd|chpasswd|visudo|vipw|chsh',
      'passwd !-S|--status',
      'net user|localgroup|group ** /add|/delete',
      'new-localuser|add-localgroupmember|remove-localuser|set-localuser',
      'dscl ** -create|-append',
    ],
  },
  {
    class: 'privilege',
    because: 'takes a protection of the machine down',
    calls: [
      'setenforce 0|permissive|Permissive',
      'iptables|ip6tables -F|--flush|-P|-X',
      'nft flush',
      'ufw disable|allow|reset|delete',
      'firewall-cmd --add-port|--add-service|--remove-rich-rule',
      'spctl --master-disable|--global-disable',
      'csrutil disable',
      'set-executionpolicy',
      'set-mppreference|add-mppreference',
      'netsh advfirewall',
      'git config --global|--system safe.directory',
    ],
  },
  {
    class: 'privilege',
    because: 'grants rights in a cloud, or opens it to the outside',
    calls: [
      `aws * ${granting}`,
      'gcloud ** add-iam-policy-binding|set-iam-policy|remove-iam-policy-binding',
      'gcloud compute firewall-rules create|update',
      'gsutil iam|acl|defacl ch|set',
      'az role assignment|definition create|update|delete',
      'az ad ** create|add|reset',
      'az ** nsg rule create|update',
      'az keyvault set-policy',
      'gh repo edit --visibility',
      {
        match: 'gh api',
        says: 'gh api of access',
        when: ({ arguments: a }) =>
          /^(PUT|PATCH|POST)$/i.test(a.valueOf('-X', '--method')?.text ?? '') &&
          /\/(collaborators|memberships|teams|protection|invitations|keys)\b/.test(a.operands[1]?.text ?? ''),
      },
      'npm|yarn|pnpm owner|access|team add|rm|grant|revoke|public|restricted|set',
      'cargo|gem owner --add|--remove|-a|-r',
      'heroku access:add|members:add',
    ],
  },
];
