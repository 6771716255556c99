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
  return {
    end: () => pool.end(),
    async connect() {
      try {
        return adaptClient(await pool.connect())
      } catch (error) {
        throw translatePostgres(error)
      }
    },
  }
}

/** A connection that failed is closed and not given to the next query: an answer may still be on its way in it. */
function adaptClient(client: PoolClient): PostgresPoolClient {
  let isBroken = false
  // Between a failure and its release no query listens, and an error event without a listener ends the process.
  const onError = (): void => {
    isBroken = true
  }
  client.on('error', onError)

  async function run(text: string, parameters: readonly unknown[]): Promise<QueryResult> {
    try {
      return await client.query(text, [...parameters])
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
