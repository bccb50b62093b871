import type { Rules } from '../rule.ts';
import { cloud } from './cloud.ts';
import { containers } from './containers.ts';
import { credentials } from './credentials.ts';
import { databases } from './databases.ts';
import { deployments } from './deployments.ts';
import { fetchedCode } from './fetchedCode.ts';
import { files } from './files.ts';
import { git } from './git.ts';
import { kubernetes } from './kubernetes.ts';
import { privileges } from './privileges.ts';
import { tests } from './tests.ts';

/** All rules: one file a family. */
export const families: readonly (readonly Rules[])[] = [
  files,
  git,
  databases,
  containers,
  kubernetes,
  cloud,
  privileges,
  credentials,
  fetchedCode,
  deployments,
  tests,
];
