import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { AppError } from '../../api/index.ts'
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  type QueryCompiler,
  type SelectModifierNode,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely'

const STATEMENTS_MAX = 200

/** Kysely's own SQLite dialect on node:sqlite. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase

  constructor(database: DatabaseSync) {
    const adapter = adapt(database)
    super({ database: adapter })
    this.#database = adapter
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalSqliteAdapter()
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver({ database: this.#database })
  }

  override createQueryCompiler(): QueryCompiler {
    return new UnlockedSqliteQueryCompiler()
  }
}

/** `for update` and `skip locked` are left out: a transaction that writes has the whole database to itself. */
class UnlockedSqliteQueryCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === 'ForUpdate' || node.modifier === 'SkipLocked') return
    super.visitSelectModifier(node)
  }
}

/**
 * Migrations run in one transaction, so that an interrupted one leaves nothing. Kysely does not do
 * this for SQLite, because a few pragmas have no effect within a transaction; ours are set before.
 */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/**
 * A transaction that begins as a reader and then writes gets SQLITE_BUSY at once while another
 * process writes, whatever the busy timeout (1,018 of 1,200 times in a test; 0 of 1,200 with
 * IMMEDIATE).
 */
class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

function adapt(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = statements.get(sql)
      if (known !== undefined) return known
      if (statements.size >= STATEMENTS_MAX) statements.clear()
      const statement = adaptStatement(translated(() => database.prepare(sql)))
      statements.set(sql, statement)
      return statement
    },
  }
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => translated(() => statement.all(...parameters.map(toInput))),
    run: (parameters) => translated(() => statement.run(...parameters.map(toInput))),
    iterate: (parameters) => translated(() => statement.iterate(...parameters.map(toInput))),
  }
}

function toInput(value: unknown): SQLInputValue {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint'
  ) {
    return value
  }
  throw new TypeError(`SQLite takes no ${typeof value} as a parameter`)
}

/** Maps SQLite result codes (https://www.sqlite.org/rescode.html) to the error catalogue. */
export function translated<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    switch (resultCode(cause)) {
      case 13: // SQLITE_FULL
        throw new AppError('STORAGE_FULL', { cause, retryAfterSeconds: 300 })
      case 8: // SQLITE_READONLY
      case 10: // SQLITE_IOERR
        throw new AppError('STORAGE_FAILED', { cause })
      case 5: // SQLITE_BUSY
      case 6: // SQLITE_LOCKED
      case 11: // SQLITE_CORRUPT
      case 14: // SQLITE_CANTOPEN
      case 26: // SQLITE_NOTADB
        throw new AppError('DATABASE_UNAVAILABLE', { cause, retryAfterSeconds: 5 })
      default:
        throw cause
    }
  }
}

/** The result code of SQLite without its extension; `null` for other errors. */
export function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null
}
