import { sql, type Kysely } from 'kysely'

const ROWS = 1000

/** Lists of a cluster's profiles, and of an instance's captures, are read from an index, in the order of arrival. */
export async function createProfileCluster(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('profile').addColumn('cluster', 'text').execute()
  await fillClusters(db)
  await sql`create index "profileCluster" on "profile" ("cluster", "id")
    where "cluster" is not null`.execute(db)
  await sql`create index "captureInstance" on "capture" ("instance", "id")
    where "instance" is not null`.execute(db)
}

/** Until now the cluster was within `sourceJson` alone. Clusters are few, so that rows are written many at a time. */
async function fillClusters(db: Kysely<unknown>): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const { rows }: { readonly rows: readonly SourceRow[] } = await sql<SourceRow>`
      select "id", "sourceJson" from "profile"
      where "id" > ${after} and "sourceJson" not like '%"cluster":null%' order by "id" limit ${ROWS}`.execute(
      db,
    )
    for (const [cluster, of] of Map.groupBy(rows, ({ sourceJson }) => clusterOf(sourceJson))) {
      const ids = sql.join(of.map(({ id }) => id))
      await sql`update "profile" set "cluster" = ${cluster} where "id" in (${ids})`.execute(db)
    }
    after = rows.at(-1)?.id
  }
}

interface SourceRow {
  readonly id: string
  readonly sourceJson: string
}

function clusterOf(sourceJson: string): string | null {
  const { cluster = null }: { readonly cluster?: string | null } = JSON.parse(sourceJson)
  return cluster
}
