import { setTimeout } from 'node:timers/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

const MS_MAX = 600_000
/** Each look costs the server some milliseconds. */
const POLL_MS = 1000
/** Of the facets of profiles; an older version that runs beside lacks others. */
const Facets = Type.Object({
  status: Type.Array(Type.Object({ value: Type.String(), count: Type.Number() })),
})

/** How many stored profiles have been analysed. Asks again while the server is too busy to answer. */
export async function countAnalysed(url: string): Promise<number> {
  let reply = await fetch(`${url}/api/v1/profiles/facets`)
  while (reply.status === 429 || reply.status === 503) {
    await reply.arrayBuffer()
    await setTimeout(POLL_MS)
    reply = await fetch(`${url}/api/v1/profiles/facets`)
  }
  const { status } = Value.Parse(Facets, await reply.json())
  return status.find(({ value }) => value === 'ready')?.count ?? 0
}

/** Settles when so many have been, and returns how many were by then. */
export async function untilAnalysed(url: string, count: number): Promise<number> {
  const startMs = performance.now()
  for (;;) {
    const analysedCount = await countAnalysed(url)
    if (analysedCount >= count) return analysedCount
    if (performance.now() - startMs > MS_MAX) throw new Error('Analyses do not end')
    await setTimeout(POLL_MS)
  }
}
