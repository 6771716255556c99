import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import { START_MS_MAX } from './start-ms-max.ts'

const deploy = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url))
const PPROF_PATHS = 'profile heap allocs goroutine block mutex threadcreate trace'.split(' ')
const COLLECTOR = 'system:serviceaccount:kubeprof:kubeprof-collector'

describe.skipIf(lacks('control-plane'))('the manifests, as a real API server takes them', () => {
  let cluster: ControlPlane
  beforeAll(async () => {
    cluster = await startControlPlane()
    // A dry run cannot put things into namespaces that are not there.
    for (const name of ['base', 'components/node-agent']) {
      await cluster.kubectl(['apply', '-f', `${deploy}/${name}/namespace.yaml`])
    }
  }, START_MS_MAX)
  afterAll(() => cluster?.stop())

  test.each(['base', 'example'])(
    '%s holds no unknown field and nothing that pod security warns of',
    async (name) => {
      const flags = ['--dry-run=server', '--validate=strict', '--warnings-as-errors']
      const output = await cluster.kubectl(['apply', '-k', `${deploy}/${name}`, ...flags])
      expect(output).toMatch(/^statefulset.apps\/kubeprof created \(server dry run\)$/m)
    },
  )

  test('scaled-out holds no unknown field and nothing that pod security warns of', async () => {
    const flags = ['--dry-run=server', '--validate=strict', '--warnings-as-errors']
    const output = await cluster.kubectl(['apply', '-k', `${deploy}/scaled-out`, ...flags])
    for (const name of ['api', 'worker', 'collector']) {
      expect(output).toContain(`deployment.apps/kubeprof-${name} created (server dry run)`)
    }
    expect(output).toContain('job.batch/kubeprof-migrate created (server dry run)')
    expect(output).not.toContain('statefulset.apps')
  })

  test('a field that is misspelt, and a pod that may do too much, would be refused', async () => {
    const flags = ['--dry-run=server', '--validate=strict', '--warnings-as-errors', '-f', '-']
    const base = await cluster.kubectl(['kustomize', `${deploy}/base`])
    const misspelt = base.replace('terminationGracePeriodSeconds', 'terminationGraceSeconds')
    await expect(cluster.kubectl(['apply', ...flags], misspelt)).rejects.toThrow(/unknown field/)
    const loose = base.replaceAll('allowPrivilegeEscalation: false', '')
    await expect(cluster.kubectl(['apply', ...flags], loose)).rejects.toThrow(/PodSecurity/)
  })

  describe('the service account of the collector', () => {
    beforeAll(() => cluster.kubectl(['apply', '-k', `${deploy}/base`]))

    test.each<string[]>([
      ...PPROF_PATHS.map((path) => ['get', `/debug/pprof/${path}`]),
      ['get', '/metrics'],
      ['get', '/version'],
      ['get', '/healthz'],
      ['list', 'endpointslices.discovery.k8s.io', 'default'],
      ['list', 'pods', 'kube-system'],
      ['list', 'leases.coordination.k8s.io', 'kube-system'],
    ])('may %s %s %s', async (verb, what, namespace) => {
      expect(await canI(verb, what, namespace)).toBe('yes')
    })

    test.each<string[]>([
      ['get', '/debug/pprof/cmdline'],
      ['get', '/debug/pprof/symbol'],
      ['get', '/debug/flags/v'],
      ['put', '/debug/flags/v'],
      ['get', '/logs'],
      ['get', 'secrets', 'kube-system'],
      ['list', 'secrets', 'kubeprof'],
      ['get', 'configmaps', 'kube-system'],
      ['list', 'pods', 'default'],
      ['get', 'nodes/proxy'],
      ['create', 'pods/exec', 'kube-system'],
      ['get', 'pods/exec', 'kube-system'],
      ['create', 'pods/portforward', 'kube-system'],
      ['get', 'pods/log', 'kube-system'],
      ['create', 'pods', 'kubeprof'],
      ['create', 'serviceaccounts/token', 'kubeprof'],
      ['impersonate', 'users'],
    ])('may not %s %s %s', async (verb, what, namespace) => {
      expect(await canI(verb, what, namespace)).toBe('no')
    })
  })

  describe('with the components, the service account of the collector', () => {
    beforeAll(() => cluster.kubectl(['apply', '-k', `${deploy}/example`]))

    test.each([
      ['create', 'pods/portforward', 'kube-system', 'kube-controller-manager-node-a'],
      ['get', 'pods/portforward', 'kube-system', 'kube-scheduler-node-a'],
      ['get', 'nodes/proxy', '', 'node-a'],
    ])('may %s %s in %s of %s', async (verb, what, namespace, name) => {
      expect(await canI(verb, `${what}/${name}`, namespace)).toBe('yes')
    })

    test.each([
      ['create', 'pods/portforward', 'kube-system', 'etcd-node-a'],
      ['create', 'pods/portforward', 'default', 'kube-scheduler-node-a'],
      ['create', 'pods/exec', 'kube-system', 'kube-controller-manager-node-a'],
      ['get', 'nodes/proxy', '', 'node-b'],
      // A port is part of the name, so the right to the kubelet does not cover the node's other ports.
      ['get', 'nodes/proxy', '', 'https:node-a:10257'],
      ['create', 'nodes/proxy', '', 'node-a'],
    ])('may not %s %s in %s of %s', async (verb, what, namespace, name) => {
      expect(await canI(verb, `${what}/${name}`, namespace)).toBe('no')
    })
  })

  async function canI(verb = '', what = '', namespace = '') {
    const [resource = '', subresource, name] = what.startsWith('/') ? [what] : what.split('/')
    const flags = [
      `--as=${COLLECTOR}`,
      ...(namespace === '' ? [] : ['-n', namespace]),
      ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
    ]
    const object = name === undefined ? resource : `${resource}/${name}`
    const output = await cluster
      .kubectl(['auth', 'can-i', verb, object, ...flags])
      // Without leave kubectl ends with 1.
      .catch((error: { stdout?: string }) => error.stdout ?? '')
    return output.trim()
  }
})
