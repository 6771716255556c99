import { expect, test } from 'vitest'
import { actionsOf, type ActionContext } from '../../../web/actions/actions-of.ts'
import { funcPattern, packagePattern, tagPattern } from '../../../web/actions/patterns.ts'
import { pprofCommand } from '../../../web/actions/pprof-command.ts'
import { sourceLink } from '../../../web/actions/source-link.ts'
import { DEFAULT_VIEW_STATE } from '../../../web/view-state/view-state.ts'

const VERSIONS = { kubernetes: 'v1.30.4', go: 'go1.22.5' }
const RAW = 'http://kubeprof:7070/api/v1/profiles/01/raw'

test('a pattern matches what was pointed at and nothing else', () => {
  const func = new RegExp(funcPattern(['etcd3.(*store).GetList']))
  expect(func.test('etcd3.(*store).GetList')).toBe(true)
  expect(func.test('etcd3.(*store).GetList.func1')).toBe(false)
  const packages = new RegExp(packagePattern('gopkg.in/yaml.v3'))
  expect(packages.test('gopkg.in/yaml%2ev3.Unmarshal')).toBe(true)
  expect(packages.test('k8s.io/kubernetes/vendor/gopkg.in/yaml.v3.Unmarshal')).toBe(true)
  expect(packages.test('gopkg.in/yaml.v3/inner.Unmarshal')).toBe(false)
})

test('a comma in the value of a tag is not read as a second condition', () => {
  expect(tagPattern('path', '/a,b', null)).toBe(String.raw`path=^/a\x2cb$`)
  expect(tagPattern('bytes', '128', 'bytes')).toBe('bytes=128bytes')
})

test('the command for pprof has the filters of the view', () => {
  const filters = [{ kind: 'f', pattern: '^main.(*T).Run$' }] as const
  expect(
    pprofCommand({ ...DEFAULT_VIEW_STATE, view: 'top', sampleType: 'cpu', filters }, RAW),
  ).toBe(`go tool pprof -top -sample_index=cpu -focus='^main.(*T).Run$' ${RAW}`)
})

test('filters that pprof cannot apply at once take a command each', () => {
  const filters = [
    { kind: 'f', pattern: 'a' },
    { kind: 'f', pattern: "b'c" },
  ] as const
  expect(pprofCommand({ ...DEFAULT_VIEW_STATE, filters }, RAW)).toBe(
    `go tool pprof -proto -output=step1.pb.gz -focus=a ${RAW} && ` +
      String.raw`go tool pprof -http=: -focus='b'\''c' step1.pb.gz`,
  )
})

test.each([
  [
    '/go/pkg/mod/go.etcd.io/etcd/server/v3@v3.5.9/etcdserver/server.go',
    'https://github.com/etcd-io/etcd/blob/v3.5.9/server/etcdserver/server.go#L7',
  ],
  [
    'go.etcd.io/etcd/client/v3@v3.5.10/op.go',
    'https://github.com/etcd-io/etcd/blob/v3.5.10/client/v3/op.go#L7',
  ],
  [
    'go.etcd.io/etcd/client/pkg/v3@v3.6.8/logutil/zap.go',
    'https://github.com/etcd-io/etcd/blob/v3.6.8/client/pkg/logutil/zap.go#L7',
  ],
  [
    '/go/pkg/mod/k8s.io/client-go@v0.30.4/rest/request.go',
    'https://github.com/kubernetes/client-go/blob/v0.30.4/rest/request.go#L7',
  ],
  [
    'k8s.io/apiextensions-apiserver@v0.0.0/pkg/registry/customresource/validator.go',
    'https://github.com/kubernetes/kubernetes/blob/v1.30.4/staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/validator.go#L7',
  ],
  [
    'sigs.k8s.io/structured-merge-diff/v4@v4.4.1/typed/validate.go',
    'https://github.com/kubernetes-sigs/structured-merge-diff/blob/v4.4.1/typed/validate.go#L7',
  ],
  [
    'gopkg.in/evanphx/json-patch.v4@v4.13.0/merge.go',
    'https://github.com/evanphx/json-patch/blob/v4.13.0/merge.go#L7',
  ],
  ['gopkg.in/yaml.v3@v3.0.1/decode.go', 'https://github.com/go-yaml/yaml/blob/v3.0.1/decode.go#L7'],
  [
    'github.com/!azure/go-autorest/autorest@v0.11.1/client.go',
    'https://github.com/Azure/go-autorest/blob/autorest%2Fv0.11.1/autorest/client.go#L7',
  ],
  [
    'golang.org/x/net@v0.0.0-20240102030405-0123456789ab/http2/server.go',
    'https://github.com/golang/net/blob/0123456789ab/http2/server.go#L7',
  ],
  [
    'k8s.io/apiserver/pkg/storage/etcd3/store.go',
    'https://github.com/kubernetes/kubernetes/blob/v1.30.4/staging/src/k8s.io/apiserver/pkg/storage/etcd3/store.go#L7',
  ],
  [
    'k8s.io/kubernetes/vendor/google.golang.org/grpc/stream.go',
    'https://github.com/kubernetes/kubernetes/blob/v1.30.4/vendor/google.golang.org/grpc/stream.go#L7',
  ],
  [
    '/usr/local/go/src/runtime/mgc.go',
    'https://github.com/golang/go/blob/go1.22.5/src/runtime/mgc.go#L7',
  ],
  ['runtime/mgc.go', 'https://github.com/golang/go/blob/go1.22.5/src/runtime/mgc.go#L7'],
])('the source of %s is found', (file, url) => {
  expect(sourceLink(file, 7, VERSIONS)).toBe(url)
})

test('without the exact version there is no link to a source', () => {
  const bounds = { kubernetes: '>=1.30', go: '>=1.22' }
  expect(sourceLink('k8s.io/apiserver/pkg/server/config.go', 7, bounds)).toBeNull()
  expect(sourceLink('runtime/mgc.go', 7, bounds)).toBeNull()
  expect(sourceLink('k8s.io/api@v0.0.0/core/v1/types.go', 7, bounds)).toBeNull()
  expect(sourceLink('/home/me/x.go', 7, VERSIONS)).toBeNull()
  expect(sourceLink('example.com/own@v1.0.0/x.go', 7, VERSIONS)).toBeNull()
})

test('a frame offers all actions, and filters go by the raw name', async () => {
  const context: ActionContext = {
    state: DEFAULT_VIEW_STATE,
    versions: VERSIONS,
    pageUrl: 'http://kubeprof/profiles/01',
    rawUrl: RAW,
    lookUp: async (funcName) => ({
      funcName,
      rawNames: ['vendor/x.Run[go.shape.int]'],
      file: 'runtime/mgc.go',
      line: 3,
    }),
  }
  const groups = await actionsOf(
    { kind: 'func', name: 'x.Run[...]', stack: ['main', 'x'] },
    context,
  )
  const actions = groups.flat()
  expect(actions.map(({ id }) => id)).toEqual([
    'focus',
    'ignore',
    'hide',
    'showFrom',
    'collapseRecursion',
    'collapsePackage',
    'callers',
    'sandwich',
    'search',
    'copyName',
    'copyStack',
    'copyLink',
    'copyPprof',
    'source',
  ])
  expect(actions[0]?.effect).toEqual({
    kind: 'update',
    changes: {
      filters: [{ kind: 'f', pattern: String.raw`^vendor/x\.Run\[go\.shape\.int\]$` }],
      zoom: '',
    },
  })
  expect(actions.find(({ id }) => id === 'copyPprof')?.effect).toEqual({
    kind: 'copy',
    text: String.raw`go tool pprof -http=: -focus='^vendor/x\.Run\[go\.shape\.int\]$' ${RAW}`,
  })
})
