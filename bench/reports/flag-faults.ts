import type { RemediesRow } from './remedies-report.ts'

interface KnownFlag {
  readonly component: string
  readonly from: number
  readonly to: number
}

/** How a text says that a flag is of another component than the one it advises. */
const OWNERS: Readonly<Record<string, RegExp>> = {
  'kube-apiserver': /apiserver/i,
  'kube-controller-manager': /controller manager|component of Kubernetes/,
  kubelet: /kubelet/,
  kubectl: /kubectl/,
  'metrics-server': /metrics-server/,
  provisioner: /provisioner/i,
  attacher: /attacher/i,
}

/** A flag, of feature gates with the gate that it sets. */
const FLAG = /(?<![\w-])--(feature-gates=[A-Z]\w+|[a-z][a-z0-9-]*[a-z0-9]|[a-z])(?![\w-]|\.\.\.)/g

/**
 * Flags and feature gates that remedies and remarks name and that the component, or its release, does not have: `RULE: --FLAG is not of
 * COMPONENT 1.19 to 1.21`. `inventory` holds lines `COMPONENT FLAG FROM-TO`.
 */
export function flagFaults(rows: readonly RemediesRow[], inventory: string): readonly string[] {
  const known = parseFlagInventory(inventory)
  const faults = rows.flatMap((row) =>
    [...row.remarks, ...row.remedy].flatMap((text) =>
      [...text.matchAll(FLAG)].flatMap(([, flag = '']) => {
        const isKnown = (known.get(flag) ?? []).some((each) => isIn(each, row, text))
        const release = row.from === row.to ? row.from : `${row.from} to ${row.to}`
        return isKnown ? [] : [`${row.rule}: --${flag} is not of ${row.component} ${release}`]
      }),
    ),
  )
  return [...new Set(faults)]
}

function isIn({ component, from, to }: KnownFlag, row: RemediesRow, text: string): boolean {
  const isOwn = component === row.component || row.component === 'k3s'
  if (component !== row.component && OWNERS[component]?.test(text) === true) return true
  const [first, last] = component === 'etcd' ? releasesSaid(text) : [row.from, row.to]
  return isOwn && from <= minorOf(first) && minorOf(last) <= to
}

/** etcd's releases are not those of rows: advice says which it is for. */
function releasesSaid(text: string): readonly [string, string] {
  const first = /from etcd (3\.\d+)/i.exec(text)?.[1] ?? '3.4'
  const last = /up to etcd (3\.\d+)/i.exec(text)?.[1] ?? '3.7'
  return [first, last]
}

const LINE = /^([a-z][\w-]*) (\S+) ([\d.]+)-([\d.]+)$/gm

function parseFlagInventory(inventory: string): ReadonlyMap<string, readonly KnownFlag[]> {
  const flags = new Map<string, KnownFlag[]>()
  for (const [, component = '', flag = '', from = '', to = ''] of inventory.matchAll(LINE)) {
    const known = { component, from: minorOf(from), to: minorOf(to) }
    flags.set(flag, [...(flags.get(flag) ?? []), known])
  }
  return flags
}

function minorOf(release: string): number {
  return Number(release.slice(release.indexOf('.') + 1))
}
