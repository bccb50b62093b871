import type { Registry } from './requirement.ts';

/**
 * Names that are asked for most, of which a look-alike would be mistaken: the ones at the top of npm's and PyPI's lists of
 * downloads, of crates.io's and of RubyGems', as known in 2025. Short names are left out: too much is near to them.
 */
const lists: Partial<Record<Registry, string>> = {
  npm: 'react react-dom lodash express axios chalk commander typescript webpack eslint prettier jest mocha moment dotenv rxjs vue angular next nuxt svelte jquery underscore async request bluebird uuid debug glob minimist yargs inquirer semver fs-extra rimraf mkdirp classnames prop-types redux react-redux react-router react-router-dom styled-components bootstrap tailwindcss postcss autoprefixer babel-core babel-loader css-loader style-loader sass-loader ts-node ts-loader nodemon cross-env cross-spawn concurrently husky lint-staged body-parser cookie-parser cors helmet morgan multer passport jsonwebtoken bcrypt bcryptjs mongoose mongodb sequelize knex mysql mysql2 redis ioredis socket.io socket.io-client graphql apollo-server apollo-client zod joi yup validator date-fns dayjs luxon immer zustand formik react-hook-form puppeteer playwright cypress storybook vite rollup esbuild turbo lerna nodemailer winston pino bunyan electron three chart.js highcharts firebase aws-sdk stripe twilio sharp jimp cheerio jsdom node-fetch cross-fetch isomorphic-fetch superagent form-data qs query-string path-to-regexp colors event-stream ua-parser-js left-pad is-promise handlebars mustache marked highlight.js typeorm prisma discord.js web3 ethers hardhat eslint-plugin-import eslint-config-prettier vitest supertest sinon chai nyc tslib core-js regenerator-runtime readable-stream iconv-lite source-map-support signale ansi-styles strip-ansi supports-color lru-cache ts-jest fast-glob micromatch ajv js-yaml xml2js csv-parse archiver pg-promise sqlite3 better-sqlite3 swagger-ui-express',
  pypi: 'requests urllib3 numpy pandas boto3 botocore setuptools certifi idna charset-normalizer python-dateutil packaging typing-extensions pyyaml cryptography jinja2 markupsafe click flask django fastapi uvicorn gunicorn starlette pydantic sqlalchemy alembic psycopg2 psycopg2-binary pymysql pymongo redis celery scipy matplotlib scikit-learn tensorflow pytorch torchvision transformers keras pillow opencv-python beautifulsoup4 selenium scrapy aiohttp httpx websockets pytest coverage mypy flake8 black pylint tox virtualenv poetry pipenv wheel colorama tqdm rich docutils sphinx pygments attrs protobuf grpcio google-api-core google-auth google-cloud-storage azure-core azure-identity azure-storage-blob awscli s3transfer jmespath pyjwt passlib bcrypt paramiko fabric ansible docker kubernetes simplejson ujson lxml openpyxl xlrd nltk spacy gensim seaborn plotly dash streamlit jupyter notebook ipython ipykernel langchain openai anthropic tiktoken huggingface-hub marshmallow djangorestframework python-dotenv loguru pyarrow networkx sympy statsmodels xgboost lightgbm tornado twisted werkzeug itsdangerous jsonschema psutil pexpect setproctitle python-jose',
  crates:
    'serde serde_json serde_derive tokio reqwest rand clap anyhow thiserror regex chrono futures hyper tracing tracing-subscriber log env_logger lazy_static once_cell itertools rayon crossbeam bytes async-trait axum actix-web warp tonic prost sqlx diesel rusqlite uuid base64 sha2 rustls openssl indexmap hashbrown parking_lot bitflags num-traits syn quote proc-macro2 rust_decimal',
  rubygems:
    'rails rack rake bundler nokogiri activesupport activerecord actionpack devise sidekiq rspec rubocop puma sinatra redis faraday httparty json minitest capybara sass-rails bootsnap webpacker jquery-rails rest-client pundit cancancan carrierwave paperclip kaminari factory_bot',
  packagist:
    'symfony/console symfony/http-foundation laravel/framework guzzlehttp/guzzle monolog/monolog phpunit/phpunit doctrine/orm doctrine/dbal twig/twig ramsey/uuid nesbot/carbon vlucas/phpdotenv league/flysystem predis/predis',
};

const minLength = 5;
const compiled = new Map<Registry, Popular>();

interface Popular {
  readonly names: readonly string[];
  readonly exact: ReadonlySet<string>;
  /** By the name without what is easily left out or swapped. */
  readonly bare: ReadonlyMap<string, string>;
}

/** The popular name that a name is nearly: one letter away, two swapped, or told apart by hyphens alone. */
export function lookAlikeOf(name: string, registry: Registry): string | undefined {
  const popular = popularOf(registry);
  const lower = name.toLowerCase();
  if (
    !popular ||
    popular.exact.has(registry === 'pypi' ? lower.replace(/[_.]/g, '-') : lower) ||
    lower.startsWith('@types/')
  )
    return undefined;
  const written = /^@[^/]+\/(.+)$/.exec(lower)?.[1];
  // A scope says who publishes it.
  if (written !== undefined) return undefined;
  const same = popular.bare.get(bare(lower));
  if (same !== undefined && !(registry === 'pypi' && same === lower.replace(/[_.]/g, '-'))) return same;
  return popular.names.find((each) => each.length >= minLength && isOneEditAway(lower, each));
}

function popularOf(registry: Registry): Popular | undefined {
  const known = compiled.get(registry);
  const list = lists[registry];
  if (known || list === undefined) return known;
  const names = list.split(' ');
  const made = { names, exact: new Set(names), bare: new Map(names.map((name) => [bare(name), name])) };
  compiled.set(registry, made);
  return made;
}

/** `python-dateutil`, `dateutil-python`, `python_dateutil` and `pythondateutil` are one. */
function bare(name: string): string {
  return name
    .replace(/[01]/g, (digit) => (digit === '0' ? 'o' : 'l'))
    .split(/[-_.]/)
    .filter((part) => !/^(js|node|py)$/.test(part))
    .sort()
    .join('')
    .replace(/^(js|node)(?=.{5})|js$/g, '');
}

/** One letter put in, left out, put in another's place, or swapped with its neighbour. */
function isOneEditAway(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const [left, right] = [a.slice(start, endA), b.slice(start, endB)];
  if (left.length <= 1 && right.length <= 1) return !/^\d?$/.test(left + right);
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
