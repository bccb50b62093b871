import { child, isTrue, itemsOf, type Tree, textOf } from '../tree.ts';
import type { TreePattern } from '../visit.ts';
import { guard, level, sign, whenText } from './making.ts';

const rule = 'permission-widened';

/** What a workflow's token may do, and whose code runs with it. */
export const workflows: readonly TreePattern[] = [
  whenText(
    {
      rule,
      pattern: 'privileged',
      keys: ['options', 'dockeroptions', 'securityopts'],
      detail: 'a job’s container has rights of its host',
    },
    /--privileged|--cap-add[= ](CAP_)?(ALL|SYS_ADMIN)|--(net|network|pid|ipc)[= ]host|--user[= ](0|root)\b|-u (0|root)\b|docker\.sock/,
  ),
  {
    documents: ['workflow'],
    keys: ['permissions'],
    facts: (found, _map, position) => {
      const subject = position.path.join('/');
      const everything = sign(rule, 'token-write-all', 'a workflow’s token may write everything', found, position);
      const unless = { pattern: everything.pattern, subject: 'token' };
      if (textOf(found.value) === 'write-all') return [{ ...everything, ...unless }];
      const scopes = found.value.kind === 'map' ? found.value.entries : [];
      const limits = guard(
        rule,
        'token-unlimited',
        'what a workflow’s token may do is no longer limited',
        found,
        subject,
      );
      return [
        limits,
        ...(position.parents.length === 0 && !scopes.some(({ value }) => textOf(value) === 'write')
          ? jobsWithin(position.root).map((job) => ({ ...limits, subject: `jobs/${job}`, onlyKeeps: true as const }))
          : []),
        // As a number that must not fall: what `none` and `read` hold back.
        ...scopes
          .filter(({ key }) => !strongScopes.test(key))
          .map((scope) =>
            level(
              rule,
              'token-may-write',
              `a workflow’s token may write ${scope.key}`,
              scope,
              `${subject}/${scope.key}`,
              heldBack(textOf(scope.value)),
            ),
          ),
        ...scopes
          .filter(({ key, value }) => textOf(value) === 'write' && strongScopes.test(key))
          .map((scope) => ({
            ...sign(rule, 'token-may-write', `a workflow’s token may write ${scope.key}`, scope, position),
            // Whichever job has it: what moves from the workflow to one of its jobs is no more than it was.
            subject: `${scope.key}=write`,
            unless,
          })),
      ];
    },
  },
  {
    documents: ['workflow'],
    keys: ['steps'],
    facts: (found, _map, position) => {
      const [workflow] = position.parents;
      if (!workflow || !runsForForeignCode(child(workflow, 'on', 'true'))) return [];
      return itemsOf(found.value).flatMap((step) => {
        const reference = textOf(child(child(step, 'with'), 'ref')) ?? '';
        const run = textOf(child(step, 'run')) ?? '';
        const checksOut =
          /^actions\/checkout@/.test(textOf(child(step, 'uses')) ?? '') &&
          isForeign(`${reference} ${textOf(child(child(step, 'with'), 'repository')) ?? ''}`);
        if (
          !checksOut &&
          !(/\bgit (fetch|checkout|pull)\b|gh pr checkout/.test(run) && (isForeign(run) || /gh pr checkout/.test(run)))
        )
          return [];
        const place = { key: 'step', value: step, line: step.line, endLine: step.endLine };
        return [
          {
            ...sign(
              rule,
              'foreign-code-with-secrets',
              'code of a pull request runs with the secrets of the repository',
              place,
              position,
            ),
            byRemoval: true as const,
          },
        ];
      });
    },
  },
  {
    documents: ['workflow'],
    keys: ['persistcredentials'],
    facts: (found, _map, position) =>
      isTrue(found.value) ? [sign(rule, 'credentials-kept', 'the token stays in the work tree', found, position)] : [],
  },
];

/** What changes the repository, its packages or what is deployed, or speaks for it elsewhere. */
const strongScopes = /^(contents|actions|packages|administration|deployments|id-token|attestations)$/;

/** Jobs that may do what the workflow may: they say nothing of their own. */
function jobsWithin(workflow: Tree): string[] {
  const jobs = child(workflow, 'jobs');
  return jobs?.kind === 'map'
    ? jobs.entries.flatMap(({ key, value }) => (child(value, 'permissions') === undefined ? [key] : []))
    : [];
}

function heldBack(value: string | undefined): number {
  return value === 'write' ? 0 : value === 'read' ? 1 : 2;
}

function runsForForeignCode(on: Tree | undefined): boolean {
  const names = /^(pull_request_target|workflow_run|issue_comment)$/;
  if (on?.kind === 'map') return on.entries.some(({ key }) => names.test(key));
  return itemsOf(on).some((item) => names.test(textOf(item) ?? ''));
}

function isForeign(text: string): boolean {
  return /github\.event\.pull_request\.head|github\.head_ref|github\.event\.workflow_run\.head|refs\/pull\//.test(text);
}
