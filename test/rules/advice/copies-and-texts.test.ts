import { expect, test } from 'vitest'
import { saidTo } from '../said-to-server.ts'

const CACHE = 'sigs.k8s.io/controller-runtime/pkg/cache/internal.(*CacheReader)'
const COPY = 'k8s.io/api/core/v1.(*Pod).DeepCopyInto'
const said = (rule: string, stacks: string) => saidTo({ rule, component: 'shop', stacks })

test('copies of objects that are read one by one need no index', () => {
  const got = said('runtime.deepcopy', `main.sync; ${CACHE}.Get; ${COPY} 300`)
  expect(got).toMatch(/one by one/)
  expect(got).not.toMatch(/IndexField/)
  expect(said('runtime.deepcopy', `main.sync; ${CACHE}.List; ${COPY} 300`)).toMatch(/IndexField/)
})

test('handlers that copy what they are given are told so', () => {
  const LISTENER = 'k8s.io/client-go/tools/cache.(*processorListener).run'
  const handled = said('runtime.deepcopy', `${LISTENER}; main.changed; ${COPY} 300`)
  expect(handled).toMatch(/Event handlers copy/)
  const listed = said('runtime.deepcopy', `${LISTENER}; main.changed; ${CACHE}.List; ${COPY} 300`)
  expect(listed).not.toMatch(/Event handlers copy/)
})

test('values that are printed are told apart from those that are encoded', () => {
  const printed = said('runtime.reflect', 'main.key; fmt.(*pp).printValue; reflect.Value.Field 300')
  expect(printed).toMatch(/prints values/)
  expect(printed).not.toMatch(/code generated/)
  const encoded = said('runtime.reflect', 'encoding/json.Marshal; reflect.Value.Field 300')
  expect(encoded).toMatch(/code generated/)
  expect(encoded).not.toMatch(/prints values/)
})

const INFORMED = 'k8s.io/client-go/tools/cache.watchHandler 5'
const READS = 'main.clone; encoding/json.Unmarshal; encoding/json.(*decodeState).object'
const MAKES = 'main.clone; encoding/json.Marshal; encoding/json.structEncoder.encode 180'

test('objects that are made maps by way of JSON are told apart from those that are copied', () => {
  const copied = said('runtime.json-round-trip', `${READS} 400\n${MAKES}\n${INFORMED}`)
  expect(copied).toMatch(/DeepCopy, which types/)
  expect(copied).not.toMatch(/DefaultUnstructuredConverter/)
  const maps = `${READS}; encoding/json.(*decodeState).objectInterface 400`
  const made = said('runtime.json-round-trip', `${maps}\n${MAKES}\n${INFORMED}`)
  expect(made).toMatch(/DefaultUnstructuredConverter/)
  expect(made).not.toMatch(/DeepCopy, which types/)
})
