import type { Rules, Use } from '../rule.ts';
import { type SqlAction, sqlActions } from '../sql.ts';

const clients = 'psql|mysql|mariadb|sqlite3|duckdb|sqlcmd|clickhouse-client|cockroach|bq|wrangler|snowsql|usql';
const codeOptions = ['-c', '-e', '--command', '--execute', '-Q', '-q', '--query', '-cmd'];

/** The SQL that a client is given: in an option, as an operand after the database, or on standard input. */
function sqlOf({ arguments: options, command }: Use): string {
  const fromOperands = /^(sqlite3|duckdb|bq)$/.test(command.program) ? options.operands.slice(1) : [];
  const given = [...options.valuesOf(...codeOptions), ...fromOperands].map(({ text }) => text);
  return [...given, command.input.text ?? ''].join(';\n');
}

const does =
  (...names: SqlAction['what'][]) =>
  (use: Use): boolean =>
    sqlActions(sqlOf(use)).some(({ what }) => names.includes(what));

const says = (what: SqlAction['what']) => ({ match: clients, when: does(what), says: what });

/** JavaScript for MongoDB's shell, without its texts. */
function mongoScript({ arguments: options, command }: Use): string {
  const script = `${options.valueOf('--eval')?.text ?? ''}\n${command.input.text ?? ''}`;
  return script.replace(/'[^'\n]*'|"[^"\n]*"/g, "''");
}

export const databases: readonly Rules[] = [
  {
    class: 'destructive',
    because: 'removes data from a database',
    calls: [
      says('DROP'),
      says('TRUNCATE'),
      says('DELETE without WHERE'),
      says('UPDATE without WHERE'),
      says('ALTER … DROP'),
      'dropdb',
      'dropuser',
      'mysqladmin drop',
      {
        match: 'redis-cli|valkey-cli',
        says: 'FLUSHALL',
        when: ({ arguments: a, command }) =>
          /^\s*flush(all|db)\b/im.test(a.operands[0]?.text ?? command.input.text ?? ''),
      },
      {
        match: 'mongosh|mongo',
        says: 'remove from MongoDB',
        when: (use) => /\.(dropDatabase|drop)\s*\(|\.(deleteMany|remove)\s*\(\s*(\{\s*\})?\s*\)/.test(mongoScript(use)),
      },
      { match: 'pg_restore|mongorestore --clean|--drop|-c' },
    ],
  },
  {
    class: 'destructive',
    because: 'empties the database of the application',
    calls: [
      'prisma migrate reset',
      'prisma db push --force-reset|--accept-data-loss',
      'rails|rake db:drop|db:drop:all|db:reset|db:purge|db:truncate_all|db:migrate:reset|db:schema:load',
      'php artisan migrate:fresh|migrate:reset|migrate:refresh|db:wipe',
      'artisan migrate:fresh|migrate:reset|migrate:refresh|db:wipe',
      'python manage.py|*/manage.py flush|reset_db|sqlflush',
      'manage.py flush|reset_db',
      'sequelize|sequelize-cli db:drop|db:migrate:undo:all',
      'typeorm ** schema:drop',
      'knex migrate:rollback --all',
      'alembic downgrade base',
      'flyway clean',
      'liquibase dropAll|drop-all',
      'supabase db reset',
      'mix ecto.drop|ecto.reset',
      'drizzle-kit drop',
      'hasura ** delete',
    ],
  },
  {
    class: 'privilege',
    because: 'changes who may do what in a database',
    calls: [says('GRANT'), says('ALTER ROLE'), 'createuser -s|--superuser'],
  },
];
