import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../../said-to-server.ts'

const CACHER = 'k8s.io/apiserver/pkg/storage/cacher'
const HELD = `${CACHER}.(*Cacher).dispatchEvents; k8s.io/apimachinery/pkg/labels.internalSelector.Matches`
const SENT = 'k8s.io/apiserver/pkg/endpoints/handlers.(*WatchServer).HandleHTTP'

const pages: Pages = { 'apiserver_watch_events_total{resource="configmaps"}': [0, 400] }
const said = (stacks: string) => saidTo({ rule: 'apiserver.watch-dispatch', stacks, pages })

test('changes that fit next to no watch are not to be written less often, but to be held against fewer watches', () => {
  const advice = said(`${HELD} 150\n${SENT} 10`)
  expect(advice).toMatch(/holds changes against watches that they do not fit/)
  expect(advice).not.toMatch(/whose events are sent most/)
})

test('changes that are sent are', () => {
  const advice = said(`${HELD} 50\n${SENT} 100`)
  expect(advice).not.toMatch(/holds changes against watches that they do not fit/)
  expect(advice).toMatch(/whose events are sent most/)
})
