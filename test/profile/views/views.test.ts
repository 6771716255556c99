import { expect, test } from 'vitest'
import {
  flameSvg,
  flameView,
  peekView,
  ProfileBuilder,
  searchView,
  SUBSYSTEMS,
  subsystemOf,
  tagsView,
} from '../../../profile/index.ts'
import { cpu, treeOf, viewOf } from './folded.ts'

test('a search counts each stack once', () => {
  const found = searchView(
    treeOf('list; x; list 4\nother; list 2\nrest 3'),
    (name) => name === 'list',
  )
  expect(found).toMatchObject({ value: 6, frameCount: 3, funcCount: 1 })
})

test('peek lists callers and callees, a call within one of its kind once, a call to itself never', () => {
  const tree = treeOf('a; f; f; b 4\na; f; a; f; b 1\nc; f 2')
  const { items } = peekView(tree, (name) => name === 'f', { itemsMax: 5 })
  expect(items).toEqual([
    {
      name: 'f',
      flat: 2,
      cum: 7,
      callers: [
        { name: 'a', value: 5, share: 5 / 7 },
        { name: 'c', value: 2, share: 2 / 7 },
      ],
      callees: [
        { name: 'b', value: 5, share: 5 / 7 },
        { name: 'a', value: 1, share: 1 / 7 },
      ],
    },
  ])
})

test('tags are summed by key and value; a text and a number of the same digits stay apart', () => {
  const builder = new ProfileBuilder({ sampleTypes: [cpu] })
  const main = builder.location({ lines: [{ func: builder.func({ name: 'main' }) }] })
  const add = (value: number, labels: Parameters<typeof builder.sample>[0]['labels']) =>
    builder.sample({ locations: [main], values: [value], ...(labels ? { labels } : {}) })
  add(6, [{ key: '__proto__', text: '7' }])
  add(3, [{ key: '__proto__', number: 7n, unit: 'bytes' }])
  add(1, [])
  const profile = builder.finish()
  const [tag] = tagsView({ profile, values: profile.samples.values[0], totalValue: 10 })
  expect(tag).toEqual({
    key: '__proto__',
    total: 9,
    values: [
      { value: '7', unit: null, total: 6, share: 0.6 },
      { value: '7', unit: 'bytes', total: 3, share: 0.3 },
    ],
  })
})

test('names are escaped in the picture', () => {
  const { tree, total } = viewOf('<script>alert(1)</script>&"\u202e 5')
  const svg = flameSvg(flameView(tree, { focusNode: 0, framesMax: 800, widthPx: 800 }), {
    widthPx: 800,
    title: '<b>',
    totalValue: total.value,
    unit: 'count',
  })
  expect(svg).not.toMatch(/<script|<b>|\u202e/)
  expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&amp;')
})

test.each([
  ['runtime.gcBgMarkWorker', 'gc'],
  ['runtime.(*mspan).sweep', 'gc'],
  ['gcWriteBarrier', 'gc'],
  ['runtime.mallocgcSmallScanNoHeader', 'allocation'],
  ['runtime.(*mheap).allocSpan', 'allocation'],
  ['runtime.findRunnable', 'runtime'],
  ['memeqbody', 'runtime'],
  ['k8s.io/apiserver/pkg/storage/cacher.(*Cacher).GetList', 'watch-cache'],
  ['k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList', 'storage'],
  ['k8s.io/apiserver/pkg/endpoints/handlers.ListResource.func2', 'request'],
  ['k8s.io/apiserver/pkg/endpoints/filters.withAuthentication.func1', 'auth'],
  ['k8s.io/apiserver/pkg/server.DefaultBuildHandlerChain.WithImpersonation.func4', 'auth'],
  ['k8s.io/api/core/v1.(*Pod).Unmarshal', 'encoding'],
  ['k8s.io/klog/v2.(*loggingT).output', 'logging'],
  ['go.etcd.io/etcd/client/v3.(*kv).Do', 'storage'],
  ['go.etcd.io/etcd/server/v3/etcdserver.(*EtcdServer).Range', 'etcd'],
  ['k8s.io/client-go/tools/cache.(*DeltaFIFO).Pop', 'informer'],
  ['k8s.io/client-go/rest.(*Request).Do', 'client'],
  ['k8s.io/kubernetes/pkg/scheduler.(*Scheduler).ScheduleOne', 'scheduling'],
  ['gopkg.in/yaml.v2.yaml_parser_scan', 'encoding'],
  ['compress/flate.(*compressor).deflate', 'compression'],
  ['strings.Builder.grow', 'library'],
  ['go/ast.Walk', 'library'],
  ['main.main', 'other'],
  ['github.com/nobody/knows.It', 'other'],
  ['k8s.io/apiserver/pkg/registry.(*Store[go.shape.struct { a/b.C }]).List', 'request'],
])('%s belongs to %s', (name, subsystem) => {
  expect(subsystemOf(name)).toBe(subsystem)
  expect(SUBSYSTEMS.map(({ id }) => id)).toContain(subsystem)
})
