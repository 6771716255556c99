import type { Kysely, Selectable } from 'kysely'
import type { Schema } from '../schema/schema.ts'
import type { ProcessAddress } from '../process-address.ts'

/**
 * Where the process of a capture answers, for the commands of a report: a URL where it was reached over TCP, else
 * its instance, which may be `host:port`; `null` where neither is known, or others reach it through the API server.
 */
export async function addressOfCapture(
  db: Kysely<Schema>,
  { target, processKey, instance }: Selectable<Schema['capture']>,
): Promise<string | null> {
  if (target === null || processKey === null) return instance
  const process = await db
    .selectFrom('targetProcess')
    .select('addressJson')
    .where('target', '=', target)
    .where('processKey', '=', processKey)
    .executeTakeFirst()
  // A target may be gone when its captures are judged by newer rules.
  if (process === undefined) return instance
  const { route }: ProcessAddress = JSON.parse(process.addressJson)
  switch (route.via) {
    case 'direct':
      return route.origin
    case 'port-forward':
      return `${route.scheme}://127.0.0.1:${route.port}`
    default:
      return null
  }
}
