import { expect, test } from 'vitest'
import { diagnose } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'
import { profileFromFolded } from '../../../profile/index.ts'

const { ruleSet } = await loadRules()
const GRPC = 'google.golang.org/grpc/internal'

const reportOf = (folded: string, heap: string | null = null) => {
  const goroutines = profileFromFolded(folded, [{ type: 'goroutine', unit: 'count' }])
  const inputs = [{ path: 'goroutine', profile: goroutines, component: 'my-agent' }]
  if (heap !== null) {
    const profile = profileFromFolded(heap, [{ type: 'inuse_space', unit: 'bytes' }])
    inputs.push({ path: 'heap', profile, component: 'my-agent' })
  }
  return diagnose(inputs, ruleSet, { language: 'en' })
}

const CONNECTIONS = [
  `${GRPC}/transport.(*http2Client).reader; runtime.netpollblock 310`,
  `${GRPC}/grpcsync.(*CallbackSerializer).run; runtime.selectgo 930`,
].join('\n')

test('connections that are left open are one finding, of goroutines and of memory', () => {
  const heap = `${GRPC}/transport.newHTTP2Client; bufio.NewReaderSize 9000000\nmain.main 3000000`
  const { findings } = reportOf(CONNECTIONS, heap)
  const found = findings.filter(({ rule }) => rule === 'client.grpc-connection-leak')
  expect(found).toHaveLength(1)
  expect(found[0]?.evidence.map(({ text }) => text).join('\n')).toMatch(/heap: /)
})

test('a rule for connections of any program counts where there is no code of client-go', () => {
  const text = reportOf('main.main 9').summary?.text
  const rules = ruleSet.rules.filter(
    ({ id, signals, components }) =>
      id === 'client.grpc-connection-leak' ||
      (!id.startsWith('client.') &&
        components.includes('*') &&
        signals.some(({ reads }) => reads === 'goroutine')),
  )
  expect(text).toMatch(new RegExp(`\\b${rules.length} rules for any Go program`))
})
