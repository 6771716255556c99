import { valueAt } from '../../../api/json-value.ts'
import { spawn } from 'node:child_process'
import { dirname, isAbsolute, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ConfigEntry, KubeconfigOptions } from './kubeconfig-entry.ts'
import { KubeconfigError } from './kubeconfig-error.ts'

/** What a plugin returns. Secrets. */
export interface PluginCredentials {
  readonly token: string | null
  readonly cert: string | null
  readonly key: string | null
  /** When they expire, in milliseconds since the Unix epoch; null where the plugin does not say. */
  readonly expiresAtMs: number | null
}

export interface PluginOptions extends Pick<
  KubeconfigOptions,
  'env' | 'isInteractive' | 'pluginMsMax'
> {
  readonly cluster: ConfigEntry
  /** The cluster's certificate authorities in PEM. */
  readonly ca: string | null
}

const API_VERSIONS = /^client\.authentication\.k8s\.io\/v1(?:beta1)?$/

/**
 * Runs the `exec` part of a user, `entry`, and reads the ExecCredential that it prints. Throws a KubeconfigError.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export async function runCredentialPlugin(
  { path, values }: ConfigEntry,
  { cluster, ca, env, isInteractive, pluginMsMax }: PluginOptions,
): Promise<PluginCredentials> {
  const { command: name, args, apiVersion, interactiveMode, provideClusterInfo } = values
  if (typeof name !== 'string' || name === '') throw new KubeconfigError('exec has no command')
  if (typeof apiVersion !== 'string' || !API_VERSIONS.test(apiVersion)) {
    throw new KubeconfigError(`exec of ${name} has an apiVersion other than v1 and v1beta1`)
  }
  const mayAsk = isInteractive && interactiveMode !== 'Never'
  if (interactiveMode === 'Always' && !mayAsk) {
    throw new KubeconfigError(`the credential plugin ${name} must ask at a terminal`)
  }
  const info = {
    apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: mayAsk,
      ...(provideClusterInfo === true ? { cluster: clusterInfo(cluster, ca) } : {}),
    },
  }
  const output = await run(commandPath(path, name), {
    args: Array.isArray(args) ? args.map(String) : [],
    env: { ...env, ...envOf(values['env']), KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    mayAsk,
    pluginMsMax,
    installHint: typeof values['installHint'] === 'string' ? values['installHint'] : '',
  })
  const credentials = readStatus(output)
  if (credentials === null) {
    throw new KubeconfigError(`the credential plugin ${name} printed no credentials`)
  }
  return credentials
}

/** A path is relative to the kubeconfig; a bare name is looked up in PATH. */
function commandPath(configPath: string, command: string): string {
  return command.includes('/') && !isAbsolute(command)
    ? join(dirname(configPath), command)
    : command
}

interface PluginRun {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly mayAsk: boolean
  readonly pluginMsMax: number
  readonly installHint: string
}

async function run(command: string, options: PluginRun): Promise<string> {
  const { args, env, mayAsk, pluginMsMax, installHint } = options
  const child = spawn(command, args, {
    env,
    stdio: [mayAsk ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    timeout: pluginMsMax,
    // The plugin may wait for input and ignore SIGTERM.
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<string>((resolve, reject) => {
    child.on('error', (error) => {
      const isAbsent = 'code' in error && error.code === 'ENOENT'
      const hint = installHint === '' ? '' : ` (${installHint.trim().split('\n')[0]})`
      reject(
        new KubeconfigError(
          `the credential plugin ${command} ${isAbsent ? 'is not installed' : 'cannot be run'}${hint}`,
        ),
      )
    })
    child.on('exit', (code, signal) => {
      const late = `did not end within ${Math.round(pluginMsMax / 1000)} s`
      const ended = signal === 'SIGKILL' ? late : `was ended by ${signal}`
      const how = code === null ? ended : `failed with ${code}`
      if (code === 0) resolve('')
      else reject(new KubeconfigError(`the credential plugin ${command} ${how}`))
    })
  })
  const [output] = await Promise.all([text(child.stdout), ended])
  return output
}

/** Null where the output is something else. */
function readStatus(output: string): PluginCredentials | null {
  const status = valueAt(parsed(output), 'status')
  const textAt = (key: string) => {
    const value = valueAt(status, key)
    return typeof value === 'string' && value !== '' ? value : null
  }
  const token = textAt('token')
  const cert = textAt('clientCertificateData')
  const key = textAt('clientKeyData')
  const expiry = Date.parse(textAt('expirationTimestamp') ?? '')
  const expiresAtMs = Number.isNaN(expiry) ? null : expiry
  return token === null && (cert === null || key === null)
    ? null
    : { token, cert, key, expiresAtMs }
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output)
  } catch {
    return null
  }
}

function clusterInfo({ values }: ConfigEntry, ca: string | null): Record<string, unknown> {
  const names = ['server', 'tls-server-name', 'insecure-skip-tls-verify', 'proxy-url']
  const known = names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]))
  const { extensions } = values
  const extension = (Array.isArray(extensions) ? extensions : []).find(
    (entry: unknown) => valueAt(entry, 'name') === 'client.authentication.k8s.io/exec',
  )
  return {
    ...Object.fromEntries(known),
    ...(ca === null ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    ...(extension === undefined ? {} : { config: valueAt(extension, 'extension') }),
  }
}

function envOf(list: unknown): Record<string, string> {
  const entries = (Array.isArray(list) ? list : []).map((entry: unknown) => [
    String(valueAt(entry, 'name')),
    String(valueAt(entry, 'value')),
  ])
  return Object.fromEntries(entries)
}
