import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readKubeconfig } from '../../collect/reach/kube/kubeconfig.ts'
import { temporaryDirectory } from '../temporary-directory.ts'

const OPTIONS = {
  context: null,
  env: {},
  isInteractive: false,
  allowsExec: true,
  pluginMsMax: 30_000,
}
const base64 = (text: string) => Buffer.from(text).toString('base64')

test('the current context names a cluster and a user', async () => {
  const access = await read(
    config({
      cluster: { server: 'https://10.0.0.1:6443', 'certificate-authority-data': base64('CA') },
      user: { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
    }),
  )
  expect(access).toEqual({
    server: new URL('https://10.0.0.1:6443'),
    headers: {},
    ca: 'CA',
    cert: 'CERT',
    key: 'KEY',
    serverName: null,
    isVerified: true,
    proxyUrl: null,
    expiresAtMs: null,
    isOfPlugin: false,
  })
})

test('files are looked for beside the kubeconfig, and data counts before them', async () => {
  const folder = await temporaryDirectory()
  mkdirSync(join(folder, 'pki'))
  for (const name of ['ca', 'cert', 'key', 'token'])
    writeFileSync(join(folder, 'pki', name), `${name}\n`)
  const access = await read(
    config({
      cluster: { server: 'https://a', 'certificate-authority': 'pki/ca' },
      user: {
        'client-certificate': 'pki/cert',
        'client-key': join(folder, 'pki', 'key'),
        'client-key-data': base64('DATA'),
        token: 'older',
        tokenFile: 'pki/token',
      },
    }),
    { folder },
  )
  expect(access).toMatchObject({ ca: 'ca\n', cert: 'cert\n', key: 'DATA' })
  expect(access.headers).toEqual({ authorization: 'Bearer token' })
})

test('a user may be a name and a password, and act as someone else', async () => {
  const access = await read(
    config({ user: { username: 'me', password: 'hush', as: 'ops', 'as-groups': ['a', 'b'] } }),
  )
  expect(access.headers).toEqual({
    authorization: `Basic ${base64('me:hush')}`,
    'impersonate-user': 'ops',
    'impersonate-group': ['a', 'b'],
  })
})

test('the cluster says by which name, whether at all, and by which proxy to trust it', async () => {
  const access = await read(
    config({
      cluster: {
        server: 'https://a',
        'tls-server-name': 'kubernetes.default.svc',
        'insecure-skip-tls-verify': true,
        'proxy-url': 'http://proxy:3128',
      },
    }),
  )
  expect(access).toMatchObject({
    serverName: 'kubernetes.default.svc',
    isVerified: false,
    proxyUrl: 'http://proxy:3128',
  })
})

test('of several files the first that has a name counts', async () => {
  const folder = await temporaryDirectory()
  const paths = [join(folder, 'a'), join(folder, 'b')] as const
  writeFileSync(paths[0], JSON.stringify({ users: [{ name: 'user', user: { token: 'first' } }] }))
  writeFileSync(paths[1], JSON.stringify(config({ user: { token: 'second' } })))
  const access = await readKubeconfig({ ...OPTIONS, paths })
  expect(access.headers).toEqual({ authorization: 'Bearer first' })
})

test('a credential plugin receives the cluster and returns a token', async () => {
  const folder = await temporaryDirectory()
  const script = join(folder, 'plugin')
  writeFileSync(
    script,
    `#!/bin/sh
case $KUBERNETES_EXEC_INFO in *'"server":"https://a"'*'"audience":"x"'*) ;; *) exit 3 ;; esac
printf '{"kind":"ExecCredential","status":{"token":"%s-%s"}}' "$1" "$REGION"
`,
  )
  chmodSync(script, 0o755)
  const access = await read(
    config({
      cluster: {
        server: 'https://a',
        extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }],
      },
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: './plugin',
          args: ['get'],
          env: [{ name: 'REGION', value: 'eu' }],
          interactiveMode: 'Never',
          provideClusterInfo: true,
        },
      },
    }),
    { folder },
  )
  expect(access.headers).toEqual({ authorization: 'Bearer get-eu' })
})

const exec = { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' }
test.each([
  [{}, 'has no current-context: give -context'],
  [{ 'current-context': 'gone' }, 'the kubeconfig has no context "gone", but context'],
  [{ clusters: [] }, 'the kubeconfig has no cluster "cluster", but none'],
  [{ clusters: [{ name: 'cluster', cluster: {} }] }, 'cluster cluster has no valid server'],
  [
    user({ tokenFile: '/nowhere/token' }),
    '/nowhere/token, which the kubeconfig names, cannot be read',
  ],
  [user({ 'auth-provider': { name: 'gcp' } }), 'auth-provider is no longer supported'],
  [
    user({ exec: { ...exec, command: '/nowhere/plugin', installHint: 'get it at x' } }),
    'the credential plugin /nowhere/plugin is not installed (get it at x)',
  ],
  [user({ exec: { ...exec, command: 'false' } }), 'the credential plugin false failed with 1'],
  [
    user({ exec: { ...exec, command: 'echo', args: ['hush'] } }),
    'the credential plugin echo printed no credentials',
  ],
  [
    user({ exec: { ...exec, command: 'x', interactiveMode: 'Always' } }),
    'the credential plugin x must ask at a terminal',
  ],
  [user({ exec: { command: 'x', apiVersion: 'v9' } }), 'exec of x has an apiVersion other than'],
])('%o is refused in one sentence', async (change, sentence) => {
  const whole = Object.keys(change).length === 0 ? {} : { ...config({}), ...change }
  await expect(read(whole)).rejects.toThrow(sentence)
})

test('a file that is not YAML is refused without quoting it', async () => {
  const path = join(await temporaryDirectory(), 'config')
  writeFileSync(path, 'token: "hush\n  : [')
  const reading = readKubeconfig({ ...OPTIONS, paths: [path] })
  await expect(reading).rejects.toThrow(`the kubeconfig ${path} cannot be read`)
})

interface ConfigParts {
  readonly cluster?: object
  readonly user?: object
}

function config({ cluster = { server: 'https://a' }, user: values = {} }: ConfigParts) {
  return {
    'current-context': 'context',
    contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
    clusters: [{ name: 'cluster', cluster }],
    users: [{ name: 'user', user: values }],
  }
}

function user(values: object) {
  return { users: [{ name: 'user', user: values }] }
}

async function read(values: object, { folder = '' } = {}) {
  const path = join(folder === '' ? await temporaryDirectory() : folder, 'config')
  writeFileSync(path, JSON.stringify(values))
  const env = { PATH: process.env['PATH'] }
  return await readKubeconfig({ ...OPTIONS, paths: [path], env })
}
