import { expect, test } from 'vitest'
import type { Store } from '../../store/index.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import type { Clock } from './store.ts'

/** What every store promises of events. `open` gives an empty one on this clock. */
export function describeEvents(name: string, open: (clock: Clock) => Promise<Store>): void {
  test(`versions and alerts of a process are its events, in ${name}`, async () => {
    const store = await open({ nowMs: Date.now() + 60_000 })
    const taken = (startedAtMs: number, version: string, more = {}) =>
      uploadCapture(store, [], {
        target: 'api',
        cluster: 'prod',
        instance: 'a',
        startedAtMs,
        kubernetesVersion: version,
        ...more,
      })
    await taken(1000, 'v1.31.1')
    await taken(1500, 'v1.30.0', { instance: 'b' })
    await taken(2000, 'v1.31.1', { origin: 'alert' })
    await taken(3000, 'v1.31.2')
    await taken(3500, 'v1.29.0', { target: 'other' })
    const list = (fromMs: number, space = 'default') =>
      store.events.list({ space, targets: ['api'], fromMs, toMs: 4000 })
    expect(await list(0)).toMatchObject([
      { kind: 'alert', atMs: 2000, target: 'api', cluster: 'prod', instance: 'a' },
      { kind: 'version', atMs: 3000, before: 'v1.31.1', after: 'v1.31.2', findingId: null },
    ])
    expect(await list(2500)).toEqual([])
    expect(await list(0, 'another')).toEqual([])
  })
}
