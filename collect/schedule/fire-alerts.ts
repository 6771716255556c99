import type { AlertmanagerBody, TriggerReply } from '../../api/index.ts'
import type { CostRules, Store, StoredProcess, TriggerDefinition } from '../../store/index.ts'

export interface AlertRules {
  /** How many captures one request may start. */
  readonly capturesMax: number
  readonly cost: CostRules
}

type Alert = AlertmanagerBody['alerts'][number]
type Item = TriggerReply['items'][number]

/**
 * Enqueues captures for the processes that alerts name, by the first trigger that each alert matches. An alert that was
 * sent before enqueues nothing more, so Alertmanager may repeat it.
 */
export async function fireAlerts(
  store: Pick<Store, 'targets' | 'schedules'>,
  { alerts }: Pick<AlertmanagerBody, 'alerts'>,
  rules: AlertRules,
): Promise<TriggerReply> {
  const triggers = await store.schedules.triggers()
  const items: Item[] = []
  let room = rules.capturesMax
  for (const alert of alerts) {
    const item = await fireAlert(store, alert, { ...rules, triggers, room })
    room -= item.captureIds.length
    items.push(item)
  }
  return { items }
}

interface FireContext extends AlertRules {
  readonly triggers: readonly TriggerDefinition[]
  readonly room: number
}

async function fireAlert(
  store: Pick<Store, 'targets' | 'schedules'>,
  alert: Alert,
  { triggers, room, cost }: FireContext,
): Promise<Item> {
  const { fingerprint, labels, startsAt } = alert
  const skipped = (reason: Item['skipped'], trigger: string | null = null): Item => ({
    fingerprint,
    trigger,
    captureIds: [],
    skipped: reason,
  })
  if (alert.status === 'resolved') return skipped('resolved')
  const trigger = triggers.find((one) => matches(one, labels))
  if (trigger === undefined) return skipped('unmatched')
  const processes = await processesOf(store, trigger, labels['instance'])
  if (processes.length === 0) return skipped('no-process', trigger.name)
  const captureIds: string[] = []
  let reason: Item['skipped'] = null
  for (const { target, key } of processes) {
    if (captureIds.length >= room) {
      reason = 'limit'
      break
    }
    const outcome = await store.schedules.fireAlert(
      {
        trigger,
        alertKey: `${fingerprint} ${startsAt}`,
        alertName: labels['alertname'] ?? fingerprint,
        target,
        processKey: key,
      },
      cost,
    )
    if ('captureId' in outcome) captureIds.push(outcome.captureId)
    else reason = outcome.skipped
  }
  return { fingerprint, trigger: trigger.name, captureIds, skipped: reason }
}

function matches({ labels: wanted }: TriggerDefinition, labels: Alert['labels']): boolean {
  return Object.entries(wanted).every(
    ([name, values]) => Object.hasOwn(labels, name) && values.includes(labels[name] ?? ''),
  )
}

/** All processes of the trigger's targets, or only the instance that the alert names, if there is one. */
async function processesOf(
  { targets }: Pick<Store, 'targets'>,
  { targets: names, matchInstance }: TriggerDefinition,
  instance: string | undefined,
): Promise<readonly StoredProcess[]> {
  const known = await Promise.all(names.map((name) => targets.find(name)))
  const awake = known.flatMap((target) =>
    target === null || target.pausedAtMs !== null ? [] : [target.name],
  )
  const there = (await targets.processes(awake)).filter(({ goneAtMs }) => goneAtMs === null)
  const once = there.filter(({ key }, index) => index === there.findIndex((one) => one.key === key))
  if (!matchInstance || instance === undefined) return once
  const named = once.filter(
    (process) => process.instance === instance || hostOf(process) === instance,
  )
  return named.length > 0 ? named : once
}

/** `prod/kube-apiserver/10.0.0.1:6443` ends with Prometheus' `instance`. */
function hostOf({ key }: StoredProcess): string {
  return key.slice(key.lastIndexOf('/') + 1)
}
