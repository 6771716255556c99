import {
  adviceTo,
  allRules,
  type CombinedRule,
  isForComponent,
  parseVersionRange,
  rangesMeet,
  type Rule,
  type RuleSet,
  versionsNamed,
} from '../../diagnosis/index.ts'
import { type MetricInventory, metricsMissingIn } from '../../diagnosis/symbols.ts'

/** Releases that profiles come from. */
const MINORS = Array.from({ length: 19 }, (_, row) => `1.${19 + row}`)
const COMPONENTS = [
  'kube-apiserver',
  'kube-controller-manager',
  'cloud-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'etcd',
  'containerd',
  'cluster-autoscaler',
  'kubectl',
  'k3s',
  'coredns',
  'sample-apiserver',
  'kube-state-metrics',
  'my-operator',
]

/** What a rule may say to a component, in all releases in which it says the same. */
export interface RemediesRow {
  readonly rule: string
  readonly component: string
  readonly from: string
  readonly to: string
  readonly remarks: readonly string[]
  readonly remedy: readonly string[]
  readonly next: readonly string[]
}

/** What each rule may say, by component and release. */
export function remediesRows(ruleSet: RuleSet): readonly RemediesRow[] {
  return allRules(ruleSet).flatMap((rule) =>
    COMPONENTS.filter((component) => isOf(rule, component, ruleSet)).flatMap((component) =>
      rowsOf(rule, component),
    ),
  )
}

function rowsOf(rule: Rule | CombinedRule, component: string): readonly RemediesRow[] {
  const rows: RemediesRow[] = []
  for (const minor of MINORS.filter((each) => isIn(rule, each))) {
    const said = adviceTo(rule, { component, kubernetes: minor })
    const last = rows.at(-1)
    const isSame = last !== undefined && JSON.stringify(saidIn(last)) === JSON.stringify(said)
    if (isSame) rows[rows.length - 1] = { ...last, to: minor }
    else rows.push({ rule: rule.id, component, from: minor, to: minor, ...said })
  }
  return rows
}

function saidIn({ remarks, remedy, next }: RemediesRow) {
  return { remarks, remedy, next }
}

/** A combined rule is of the components that its first part is of. */
function isOf(rule: Rule | CombinedRule, component: string, { rules }: RuleSet): boolean {
  if ('components' in rule) return isForComponent(rule.components, component)
  const [lead] = rule.parts.values()
  if (lead === undefined || lead.kind === 'through') return true
  const leading = lead.kind === 'own' ? lead.rule : rules.find(({ id }) => id === lead.rule)
  return leading === undefined || isForComponent(leading.components, component)
}

function isIn(rule: Rule | CombinedRule, minor: string): boolean {
  const range = parseVersionRange(minor)
  const versions = 'versions' in rule ? rule.versions : null
  return versions === null || (range !== null && rangesMeet(versions, range))
}

/**
 * What is wrong with the advice of the rules: a version bound without the address that says so, a component and release
 * that are told of no remedy or of no next step, of a metric that the release does not have, or of an upgrade to it.
 */
export function remediesFaults(ruleSet: RuleSet, metrics: MetricInventory): readonly string[] {
  const bounds = allRules(ruleSet).flatMap(unsourcedBounds)
  const rows = remediesRows(ruleSet)
  const silent = rows.flatMap(({ rule, component, from, to, remedy, next }) =>
    [...(remedy.length === 0 ? ['remedy'] : []), ...(next.length === 0 ? ['next'] : [])].map(
      (key) => `${rule}: nothing in ${key} for ${component} ${from} to ${to}`,
    ),
  )
  return [...bounds, ...silent, ...missingMetrics(rows, metrics), ...upgradesInForce(rows)]
}

const UPGRADE = /upgrade to (?:Kubernetes|cluster-autoscaler)(?: >=)? 1\.(\d+)/gi

/** `RULE: an upgrade to 1.31 for COMPONENT 1.31 to 1.37` */
function upgradesInForce(rows: readonly RemediesRow[]): readonly string[] {
  return rows.flatMap(({ rule, component, from, to, remarks, remedy }) =>
    [...[...remarks, ...remedy].join('\n').matchAll(UPGRADE)]
      .filter(([, minor]) => Number(to.slice(to.indexOf('.') + 1)) >= Number(minor))
      .map(([, minor]) => `${rule}: an upgrade to 1.${minor} for ${component} ${from} to ${to}`),
  )
}

/** `RULE: METRIC is not in 1.19 to 1.22` */
function missingMetrics(
  rows: readonly RemediesRow[],
  inventory: MetricInventory,
): readonly string[] {
  const minorsOf = new Map<string, Set<string>>()
  for (const { rule, from, to, remedy, next } of rows) {
    const text = [...remedy, ...next].join('\n')
    for (const minor of MINORS.slice(MINORS.indexOf(from), MINORS.indexOf(to) + 1)) {
      for (const name of metricsMissingIn(minor, text, inventory)) {
        const fault = `${rule}: ${name}`
        minorsOf.set(fault, (minorsOf.get(fault) ?? new Set()).add(minor))
      }
    }
  }
  return [...minorsOf].map(([fault, minors]) => `${fault} is not in ${[...minors].join(', ')}`)
}

/** A version in a sentence: `>= 1.31`, `since 1.27`, `Go 1.26`, `etcd 3.5.13`. */
const VERSION_IN_TEXT =
  /(?:[<>]=?|since|until|before|up to|from|Kubernetes|Go|etcd|kubectl|v) ?\d+\.\d+/i

function unsourcedBounds({ id, texts }: Rule | CombinedRule): readonly string[] {
  return (['remarks', 'remedy', 'next'] as const).flatMap((key) =>
    texts[key].flatMap((item, row) => {
      const at = `${id}: ${key}.${row}`
      const versions = versionsNamed(item.when)
      if (versions.length > 0 && item.since === null) {
        return [`${at}: a bound of ${versions.join(', ')} without since`]
      }
      const text = 'what' in item ? item.what.en : item.text.en
      const isNamed = VERSION_IN_TEXT.test(text) && item.since === null
      return isNamed && texts.sources.length === 0 ? [`${at}: a version without a source`] : []
    }),
  )
}
