import type {
  ProcessAddress,
  FoundProcess,
  LeaseRequest,
  ScheduleDefinition,
  SlotRules,
  Store,
  TargetDefinition,
  TargetsFileContents,
  TriggerDefinition,
} from '../../store/index.ts'

export const MINUTE_MS = 60_000
export const NO_COST = { share: 1, windowMs: 60 * MINUTE_MS }

export const RULES: SlotRules = {
  limit: 100,
  nextSlotMs: (timing, _key, afterMs) =>
    timing.kind === 'interval' ? afterMs + timing.intervalMs : null,
  graceMs: () => MINUTE_MS,
  cost: NO_COST,
}

export const TRIGGER: TriggerDefinition = {
  name: 'slow',
  labels: {},
  targets: ['a'],
  matchInstance: false,
  cooldownMs: 15 * MINUTE_MS,
  request: { profiles: ['heap'], seconds: null },
}

export function target(name: string, schedules: readonly string[] = []): TargetDefinition {
  const url = `http://${name}:6060`
  return {
    name,
    kind: 'go',
    cluster: null,
    url,
    description: name,
    spec: {
      name,
      find: { kind: 'url', url },
      cluster: null,
      component: null,
      credentials: {
        from: 'none',
        tls: { caFile: null, serverName: null, isVerified: true },
      },
      namedBy: 'operator',
      processesMax: 1,
    },
    group: `target ${name}`,
    groupMax: 1,
    schedules,
  }
}

export function found(key: string): FoundProcess {
  const said = { component: 'go', instance: key, cluster: null, via: 'direct', note: null }
  return { key, ...said, address: addressOf(key), group: null, groupMax: 1 }
}

export function addressOf(key: string): ProcessAddress {
  return {
    key,
    target: 'a',
    component: 'go',
    instance: key,
    cluster: null,
    route: { via: 'direct', origin: `http://${key}:6060`, serverName: null },
    pathPrefix: '',
    pprofPath: '/debug/pprof',
    kinds: null,
    isIdentityStable: true,
    note: null,
  }
}

export function schedule({ intervalMs = 10 * MINUTE_MS } = {}): ScheduleDefinition {
  return {
    name: 's',
    timing: { kind: 'interval', intervalMs, jitterMs: 0 },
    everyText: '10m',
    overlap: 'skip',
    missed: 'skip',
    profileSet: 'baseline',
    request: { profiles: ['heap'], seconds: null },
  }
}

export function contents(targets: readonly TargetDefinition[]): TargetsFileContents {
  return { targets, schedules: [], triggers: [], clusters: [], allow: [] }
}

export async function names(store: Store): Promise<readonly string[]> {
  const { items } = await store.targets.list({}, { limit: 99, cursor: null })
  return items.map(({ name }) => name)
}

export async function claimDiscoveries(store: Store): Promise<readonly string[]> {
  const claimed = await store.targets.claimDiscoveries({ limit: 9, everyMs: MINUTE_MS })
  return claimed.map(({ name }) => name)
}

export async function withProcesses(
  store: Store,
  processes: readonly FoundProcess[],
): Promise<void> {
  await store.targets.create(target('a'))
  await store.targets.discovered('a', processes, null)
}

export async function withSchedule(store: Store, definition: ScheduleDefinition): Promise<void> {
  const file = { ...contents([target('a', ['s'])]), schedules: [definition] }
  await store.targets.applyFile('t.yaml', file)
  await store.targets.discovered('a', [found('p')], null)
  await store.schedules.alignSlots(RULES)
}

export function lease(store: Store, key: string, changed: Partial<LeaseRequest> = {}) {
  const captureId = '01JD6Q8G0000000000000000AA'
  const request = { key, captureId, owner: 'test', leaseMs: 10_000, clusterMax: 4 }
  return store.processes.lease({ ...request, ...changed })
}

export async function leased(store: Store, key: string) {
  const held = await lease(store, key)
  if (held === null) throw new Error(`${key} cannot be leased`)
  return held
}
