import { expect, test } from 'vitest'
import { packJson, unpackJson } from '../../store/database/packed-json.ts'

const REPORT = {
  findings: Array.from({ length: 20 }, (_, index) => ({
    rule: 'apiserver.list-from-etcd',
    title: 'LIST answered by etcd instead of the watch cache',
    text: `第 ${index} 条`,
  })),
}

test('a report comes back as it was, from a fraction of its size', () => {
  const packed = packJson(REPORT)
  expect(unpackJson(packed)).toEqual(REPORT)
  expect(packed.length).toBeLessThan(JSON.stringify(REPORT).length / 4)
})

test('rows of older versions hold the JSON itself', () => {
  expect(unpackJson(JSON.stringify(REPORT))).toEqual(REPORT)
})
