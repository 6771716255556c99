import type { ListProfilesReply } from '../../../api/index.ts'
import { until } from '../../until.ts'

/**
 * Settles when a profile newer than `id` is ready, and returns the newest. A worker that is killed before it has ended
 * anything loses the same analysis again and again, which is given up after five times, as it should be.
 */
export async function untilNewerReady(url: string, id: string): Promise<string> {
  let newestId = id
  await until(async () => {
    const reply = await fetch(`${url}/api/v1/profiles?status=ready&limit=1`)
    if (!reply.ok) return false
    const { items }: ListProfilesReply = JSON.parse(await reply.text())
    newestId = items[0]?.id ?? id
    return newestId > id
  })
  return newestId
}
