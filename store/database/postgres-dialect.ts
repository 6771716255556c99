import {
  type ColumnDefinitionNode,
  type DataTypeNode,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  PostgresQueryCompiler,
  type PostgresQueryResult,
  type QueryCompiler,
} from 'kysely'
import type { Pool, PoolClient, QueryResult } from 'pg'
import { sqlState, translatePostgres } from './postgres-errors.ts'

const NO_RESULT: QueryResult = { command: '', rowCount: 0, rows: [], oid: 0, fields: [] }
/** Of each connection. */
const STATEMENTS_MAX = 200

/** Kysely's own Postgres dialect, with texts that sort by their bytes, as they do in SQLite. */
export class BytewisePostgresDialect extends PostgresDialect {
  constructor(pool: Pool) {
    super({ pool: adaptPool(pool) })
  }

  override createQueryCompiler(): QueryCompiler {
    return new BytewisePostgresQueryCompiler()
  }
}

/**
 * Text columns are `collate "C"`. The default collation of a database differs by installation, sorts names differently
 * from SQLite, and compares slower.
 */
class BytewisePostgresQueryCompiler extends PostgresQueryCompiler {
  #isColumn = false

  protected override visitColumnDefinition(node: ColumnDefinitionNode): void {
    this.#isColumn = true
    super.visitColumnDefinition(node)
  }

  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node)
    if (this.#isColumn && node.dataType === 'text') this.append(' collate "C"')
    this.#isColumn = false
  }
}

function adaptPool(pool: Pool): PostgresPool {
  const nameOf = openStatementNames()
  return {
    end: () => pool.end(),
    async connect() {
      try {
        return adaptClient(await pool.connect(), nameOf)
      } catch (error) {
        throw translatePostgres(error)
      }
    },
  }
}

/** The name under which each connection keeps a statement prepared; none for those that it parses anew. */
type StatementNames = (text: string) => { readonly name?: string }

/**
 * Names for the statements that a process runs, as they come. Parsing and planning them takes Postgres as long as running
 * them. Without a name stay those of all columns, because their result changes with a migration, and those with lists of
 * values or many rows, which have a text for each length.
 */
export function openStatementNames(): StatementNames {
  const names = new Map<string, string>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined) return { name: known }
    if (names.size >= STATEMENTS_MAX || !isKept(text)) return {}
    const name = `kubeprof_${names.size}`
    names.set(text, name)
    return { name }
  }
}

function isKept(text: string): boolean {
  return (
    /^(?:select|insert|update|delete) /.test(text) && !/\*| in \(\$\d+,|\), \(.*\), \(/.test(text)
  )
}

/**
 * A connection that failed is closed and not given to the next query: an answer may still be on its way in it. What is
 * sent before the event loop turns goes out in one piece: the beginning of a transaction with its first statement, and
 * statements that do not wait for each other.
 */
function adaptClient(client: PoolClient, nameOf: StatementNames): PostgresPoolClient {
  let isBroken = false
  let beginning: string | null = null
  // Between a failure and its release no query listens, and an error event without a listener ends the process.
  const onError = (): void => {
    isBroken = true
  }
  client.on('error', onError)

  async function run(text: string, parameters: readonly unknown[]): Promise<QueryResult> {
    if (text.startsWith('start transaction')) {
      beginning = text
      return NO_RESULT
    }
    const first = beginning
    beginning = null
    if (first !== null && (text === 'commit' || text === 'rollback')) return NO_RESULT
    const { stream } = client.connection
    stream.cork()
    process.nextTick(() => stream.uncork())
    try {
      // To begin cannot fail but by the loss of the connection, and then nothing else was done.
      const begun = first === null ? null : client.query(first)
      const result = client.query({ ...nameOf(text), text, values: [...parameters] })
      return (await Promise.all([result, begun]))[0]
    } catch (error) {
      if (sqlState(error) === null) isBroken = true
      throw translatePostgres(error)
    }
  }

  function query<Row>(
    text: string,
    parameters: readonly unknown[],
  ): Promise<PostgresQueryResult<Row>>
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  function query(text: unknown, parameters: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') throw new TypeError('rows are not read through a cursor')
    return run(text, parameters)
  }

  return {
    query,
    release() {
      client.off('error', onError)
      client.release(isBroken)
    },
  }
}
