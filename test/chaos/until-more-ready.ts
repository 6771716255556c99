import type { ProfileFacets } from '../../api/index.ts'
import { until } from '../until.ts'

/**
 * Settles when more profiles are ready than `count`, and returns how many are. A worker that is killed before it has
 * ended anything loses the same analysis again and again, which is given up after five times, as it should be.
 */
export async function untilMoreReady(url: string, count: number): Promise<number> {
  let readyCount = count
  await until(async () => {
    const reply = await fetch(`${url}/api/v1/profiles/facets`)
    if (!reply.ok) return false
    const { status }: ProfileFacets = JSON.parse(await reply.text())
    readyCount = status.find(({ value }) => value === 'ready')?.count ?? 0
    return readyCount > count
  })
  return readyCount
}
