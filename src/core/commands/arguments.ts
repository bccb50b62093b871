import type { Word } from './simpleCommand.ts';

/**
 * The options of a program that take the next word as their value. Only those that may stand before the words that rules
 * look at are listed, or those whose value a rule asks for.
 */
const valued: Readonly<Record<string, string>> = {
  ansible: '-i -e -l -u -t -m -a --tags --limit --inventory',
  'ansible-playbook': '-i -e -l -u -t --tags --limit --inventory --extra-vars',
  aws: '--profile --region --output --endpoint-url --query --cli-read-timeout --cli-connect-timeout --acl',
  az: '--subscription --output -o --query',
  bq: '--project_id --location',
  bundle: '--gemfile',
  cargo: '--manifest-path -p --package --features --target --config -Z -C --git --branch',
  cdk: '-c --context --profile -a --app',
  chroot: '',
  cockroach: '-e --execute --url',
  composer: '-d --working-dir',
  curl: '-o --output -d --data --data-binary --data-raw --data-urlencode -F --form -H --header -X --request -u --user -A -e -b -c -m --max-time --retry -T --upload-file -w -x --proxy --output-dir',
  docker:
    '-H --host --context -c --config -l --log-level -f --file -p --project-name --profile --env-file --project-directory -e --env -u --user -w --workdir -v --volume --name --network --publish --entrypoint --mount --platform --label --add-host -h --hostname --cpus -m --memory --tag --filter',
  duckdb: '-c -cmd',
  env: '-u --unset -C --chdir -S --split-string',
  firebase: '-P --project --only',
  flock: '-w -E',
  fly: '-a --app -c --config',
  gcloud: '--project --account --configuration --format --zone --region --filter',
  gh: '-R --repo -X --method -f -F --field --raw-field -H --header',
  git: '-C -c --git-dir --work-tree --namespace --exec-path -m --message -F --author --date -o --push-option --repo -x --exec --onto -s --source --pathspec-from-file',
  go: '-C -run -tags',
  gradle: '-p --project-dir -b -x --exclude-task -P -D',
  gsutil: '-h -o -u',
  helm: '-n --namespace --kube-context --kubeconfig -f --values --set --version',
  heroku: '-a --app -r --remote --confirm',
  ionice: '-c -n -p',
  kubectl:
    '-n --namespace --context --cluster --kubeconfig --user -f --filename -l --selector -o --output -k --kustomize -s --server -p --patch -c --container',
  make: '-C --directory -f --file -o -W -I',
  mongo: '--eval --host --port -u -p --username --password --authenticationDatabase',
  mongosh: '--eval --host --port -u -p --username --password --authenticationDatabase',
  mvn: '-f --file -pl -P -s -D',
  mariadb: '-h --host -u --user -P --port -D --database -e --execute -S --socket',
  mysql: '-h --host -u --user -P --port -D --database -e --execute -S --socket',
  mysqladmin: '-h --host -u --user -P --port -S',
  netlify: '--dir -d --site -s --auth',
  nice: '-n --adjustment',
  npm: '--prefix -w --workspace -C --loglevel --registry --tag --access',
  npx: '-p --package -c --call -w --workspace',
  nx: '-t --target --targets -p --projects',
  parallel: '-j --jobs -a -I --colsep --delay',
  pip: '-r --requirement -c --constraint -i --index-url --extra-index-url -t --target -e --editable --find-links -f',
  pnpm: '--filter -F -C --dir --workspace',
  psql: '-h --host -p --port -U --username -d --dbname -c --command -f --file -v --set -F -R -P -T -o -L',
  pulumi: '-s --stack -C --cwd',
  python: '-c -m -W -X',
  rails: '-e --environment',
  'redis-cli': '-h -p -a -n -u -i -r --user --pass -s',
  scp: '-i -P -o -F -J -c -l -S',
  screen: '-S -c -t',
  serverless: '--stage -s --region -r --aws-profile -c --config',
  sqlcmd: '-S -d -U -P -Q -q -i -o',
  ssh: '-i -p -l -o -F -J -L -R -D -b -c -E -e -I -m -O -Q -S -W -w',
  stdbuf: '-i -o -e --input --output --error',
  su: '-c --command -s --shell -g -G -w',
  sudo: '-u --user -g --group -h --host -p --prompt -C --close-from -D --chdir -R --chroot -T -U -r -t',
  tar: '-f --file -C --directory',
  timeout: '-s --signal -k --kill-after',
  tmux: '-L -S -f -s -n -t -c -F -x -y',
  truncate: '-s --size -r --reference',
  uv: '--with --python -p --directory --project --extra --group',
  vercel: '-t --token -S --scope -A --local-config --cwd --target',
  watch: '-n --interval',
  wget: '-O --output-document -o -P --directory-prefix -U --user-agent --header --post-file --post-data -t -T',
  wrangler: '-c --config -e --env --command',
  xargs: '-I -n -P -L -d -E -s -a --max-args --max-procs --delimiter --arg-file',
  yarn: '--cwd',
  yq: '',
};

const valuedOptions = new Map(
  Object.entries(valued).map(([program, options]) => [program, new Set(options.split(' '))]),
);

interface Option {
  readonly text: string;
  readonly value: Word | undefined;
}

/** A program's words, told apart: options with their values, and operands. */
export class Arguments {
  readonly operands: Word[] = [];
  readonly #options: Option[] = [];
  /** For each operand, where it stands among the words. */
  readonly positions: number[] = [];

  constructor(program: string, words: readonly Word[]) {
    const takesValue = valuedOptions.get(program);
    let ended = false;
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as Word;
      if (ended || !/^-./.test(word.text)) {
        this.operands.push(word);
        this.positions.push(i);
      } else if (word.text === '--') ended = true;
      else {
        const assigned = /^(--?[^=]+)=(.*)$/s.exec(word.text);
        if (assigned)
          this.#options.push({ text: assigned[1] as string, value: { ...word, text: assigned[2] as string } });
        else
          this.#options.push({
            text: word.text,
            value: takesValue?.has(lastLetter(word.text)) ? words[++i] : undefined,
          });
      }
    }
  }

  /** `-f` is found in a cluster (`-uf`), too; longer names as they are, in PowerShell's case or in any other. */
  has(name: string): boolean {
    return this.#options.some(({ text }) => isOption(text, name));
  }

  valueOf(...names: readonly string[]): Word | undefined {
    return this.valuesOf(...names)[0];
  }

  valuesOf(...names: readonly string[]): Word[] {
    return this.#options.flatMap(({ text, value }) =>
      value && names.some((name) => isOption(text, name)) ? [value] : [],
    );
  }

  /** All values of options that are known to have one. */
  get values(): Word[] {
    return this.#options.flatMap(({ value }) => value ?? []);
  }
}

function isOption(text: string, name: string): boolean {
  if (name.length === 2) return text === name || (/^-[A-Za-z0-9]+$/.test(text) && text.includes(name[1] as string));
  return text.toLowerCase() === name;
}

/** Of a cluster only the last letter can have the next word as its value. */
function lastLetter(option: string): string {
  return /^-[A-Za-z]{2,4}$/.test(option) && !/^-(run|tags|cmd|pl)$/.test(option) ? `-${option.at(-1)}` : option;
}
