import { CaptureKind } from '../../api/index.ts'
import { CommandError } from '../terminal/command-error.ts'
import { JUDGEMENT_FLAGS } from '../diagnose/judgement-flags.ts'
import { nearestWord } from '../terminal/nearest-word.ts'
import type { FlagSpec } from '../terminal/parse-flags.ts'

type Texts = Readonly<Record<string, string>>

const text = (valueName: string, help: string): FlagSpec => ({ kind: 'text', valueName, help })

export const CAPTURE_FLAGS: Readonly<Record<string, FlagSpec>> = {
  kubeconfig: text('FILE', 'The cluster; else $KUBECONFIG, else ~/.kube/config'),
  context: text('NAME', 'A context of the kubeconfig; else its current one'),
  component: text('NAME', 'kube-apiserver (default), kube-controller-manager, kubelet, ...'),
  node: { kind: 'list', valueName: 'NAME', help: 'A node, for kubelet; may be given again' },
  pod: text('NAMESPACE/NAME:PORT', 'A pod, through a tunnel of the API server'),
  scheme: text('SCHEME', 'http (default) or https, for --pod'),
  'all-instances': { kind: 'switch', help: 'Each instance by its address, one after the other' },
  etcd: { kind: 'switch', help: 'The etcd servers of --endpoints' },
  endpoints: text('URLS', "etcd's URLs, separated by commas"),
  containerd: { kind: 'switch', help: 'containerd, at /run/containerd/debug.sock or the argument' },
  cacert: text('FILE', 'Certificate authorities of the target'),
  cert: text('FILE', 'A client certificate for the target'),
  key: text('FILE', 'The key of that certificate'),
  'token-file': text('FILE', 'A file with a bearer token for the target'),
  insecure: { kind: 'switch', help: "Do not verify the target's certificate" },
  seconds: text('N', 'How long the CPU is profiled (30)'),
  profiles: text('LIST', `Of ${CaptureKind.enum.join(',')}; else what suits the component`),
  verbosity: text('N', "Raise klog's level while the capture is taken; needs `put`"),
  'verbosity-after': text('N', 'The level to put back; else the --v of its static pod'),
  cluster: text('NAME', "What to call the cluster; else the context's name"),
  instance: text('NAME', 'What to call the process; else its node, pod or address'),
  output: { ...text('DIR', 'Where to write; else a new folder here'), letter: 'o' },
  push: text('URL', 'Upload the capture to a server as well'),
  'push-token-file': text('FILE', 'A file with the token for --push; else $KUBEPROF_TOKEN'),
  every: text('DURATION', 'Again and again, until it is ended: 90s, 15m, 1h'),
  check: {
    kind: 'switch',
    help: 'Take nothing; print what can be reached and which rights are missing',
  },
  json: { kind: 'switch', help: 'Print what was taken and the diagnosis as JSON' },
  ...JUDGEMENT_FLAGS,
}

/** A whole number. Throws a CommandError. */
export function readWhole(flags: Texts, name: string, least: number, most: number): number | null {
  const value = flags[name]
  if (value === undefined) return null
  const number = Number(value)
  if (/^\d+$/.test(value) && number >= least && number <= most) return number
  throw new CommandError(
    `--${name} is a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`,
  )
}

/** The kinds that `--profiles` lists, or null without it. Throws a CommandError. */
export function readKinds({ profiles }: Texts): readonly CaptureKind[] | null {
  if (profiles === undefined) return null
  const kinds: CaptureKind[] = []
  for (const word of profiles.split(',').map((each) => each.trim())) {
    const kind = CaptureKind.enum.find((known) => known === word)
    if (kind === undefined) {
      const near = nearestWord(word, CaptureKind.enum)
      const hint =
        near === null ? `they are ${CaptureKind.enum.join(', ')}` : `did you mean ${near}?`
      throw new CommandError(`--profiles has no ${JSON.stringify(word)}; ${hint}`)
    }
    kinds.push(kind)
  }
  return kinds
}

const UNIT_MS = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/** How often to capture, in milliseconds, or null for once. Throws a CommandError. */
export function readEvery({ every }: Texts): number | null {
  if (every === undefined) return null
  const [, count = '', unit = ''] = /^(\d{1,4})([smh])$/.exec(every) ?? []
  const everyMs = Number(count) * (UNIT_MS.get(unit) ?? 0)
  if (everyMs >= 30_000) return everyMs
  throw new CommandError(`--every is a time of 30s or more, such as 90s, 15m or 1h, not "${every}"`)
}
