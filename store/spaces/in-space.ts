import { AppError, DEFAULT_SPACE } from '../../api/index.ts'
import type { CaptureStore } from '../captures/capture-store.ts'
import type { FindingStore } from '../findings/finding-store.ts'
import type { LinkStore } from '../profiles/link-store.ts'
import type { ProfileStore } from '../profiles/profile-store.ts'
import { targetKey, targetName } from '../target-name.ts'
import type { ScheduleStore } from '../targets/schedule-store.ts'
import type {
  StoredProcess,
  StoredTarget,
  TargetDefinition,
  TargetStore,
} from '../targets/target-store.ts'

/**
 * What belongs to spaces, as one space sees it: rows of other spaces are not there, and new rows
 * belong to it. Has no method that would reach beyond the space.
 */
export interface SpaceStore {
  readonly space: string
  readonly profiles: Pick<
    ProfileStore,
    'find' | 'nearest' | 'list' | 'facets' | 'findReport' | 'setPinned' | 'remove'
  >
  readonly captures: Pick<
    CaptureStore,
    | 'create'
    | 'find'
    | 'nearest'
    | 'list'
    | 'facets'
    | 'listFiles'
    | 'findReport'
    | 'cancel'
    | 'setPinned'
    | 'remove'
  >
  readonly targets: Pick<
    TargetStore,
    | 'create'
    | 'replace'
    | 'remove'
    | 'find'
    | 'list'
    | 'processes'
    | 'setPaused'
    | 'askTest'
    | 'findTest'
    | 'fileState'
  >
  readonly schedules: Pick<ScheduleStore, 'find' | 'list' | 'setPaused'>
  readonly links: Pick<LinkStore, 'add' | 'list' | 'revoke'>
  readonly findings: FindingStore
}

interface Whole {
  readonly profiles: ProfileStore
  readonly captures: CaptureStore
  readonly targets: TargetStore
  readonly schedules: ScheduleStore
  readonly links: LinkStore
  readonly findings: FindingStore
}

/** The store as a space sees it. Schedules are of the operator's file, and so of the default space. */
export function inSpace(store: Whole, space: string): SpaceStore {
  const captures = capturesIn(store, space)
  return {
    space,
    profiles: profilesIn(store, space),
    captures,
    targets: targetsIn(store, space, captures),
    schedules: space === DEFAULT_SPACE ? store.schedules : NO_SCHEDULES,
    links: linksIn(store, space),
    findings: findingsIn(store, space),
  }
}

function profilesIn({ profiles }: Whole, space: string): SpaceStore['profiles'] {
  const find = async (id: string) => {
    const profile = await profiles.find(id)
    return profile?.space === space ? profile : null
  }
  return {
    find,
    nearest: async (id) => ((await find(id)) === null ? NOTHING_NEAR : profiles.nearest(id)),
    list: (filter, page) => profiles.list({ ...filter, space }, page),
    facets: (filter) => profiles.facets({ ...filter, space }),
    findReport: async (id, language) =>
      (await find(id)) === null ? null : profiles.findReport(id, language),
    setPinned: async (id, isPinned) =>
      (await find(id)) !== null && profiles.setPinned(id, isPinned),
    remove: async (id) => (await find(id)) !== null && profiles.remove(id),
  }
}

function capturesIn({ captures }: Whole, space: string): SpaceStore['captures'] {
  const find = async (id: string) => {
    const capture = await captures.find(id)
    return capture?.space === space ? capture : null
  }
  return {
    find,
    nearest: async (id, kind) =>
      (await find(id)) === null ? NOTHING_NEAR : captures.nearest(id, kind),
    create: (added) => captures.create(added.map((capture) => ({ ...capture, space }))),
    list: (filter, page) => captures.list({ ...filter, space }, page),
    facets: (filter) => captures.facets({ ...filter, space }),
    listFiles: async (id) => ((await find(id)) === null ? [] : captures.listFiles(id)),
    findReport: async (id, language) =>
      (await find(id)) === null ? null : captures.findReport(id, language),
    cancel: async (id) => ((await find(id)) === null ? null : captures.cancel(id)),
    setPinned: async (id, isPinned) =>
      (await find(id)) !== null && captures.setPinned(id, isPinned),
    remove: async (id) => ((await find(id)) === null ? null : captures.remove(id)),
  }
}

const NOTHING_NEAR = { before: null, after: null }

function findingsIn({ findings }: Whole, space: string): SpaceStore['findings'] {
  const find = async (id: string) => {
    const finding = await findings.find(id)
    return finding?.space === space ? finding : null
  }
  return {
    find,
    list: (filter, page) => findings.list({ ...filter, space }, page),
    facets: (filter) => findings.facets({ ...filter, space }),
    listEvents: async (id) => ((await find(id)) === null ? [] : findings.listEvents(id)),
    trend: async (id, limit) => ((await find(id)) === null ? [] : findings.trend(id, limit)),
    act: async (id, action) => ((await find(id)) === null ? null : findings.act(id, action)),
  }
}

function targetsIn(
  { targets }: Whole,
  space: string,
  captures: SpaceStore['captures'],
): SpaceStore['targets'] {
  const keyOf = (name: string) => targetKey(space, name)
  const ownDefinition = (definition: TargetDefinition): TargetDefinition => {
    if (space === DEFAULT_SPACE) return definition
    if (definition.schedules.length > 0) {
      throw new AppError('TARGET_INVALID', {
        message: 'Schedules are in the targets file, and so of the default space.',
        details: { in: 'body field', name: 'schedules' },
      })
    }
    const group = `${space}/${definition.group}`
    return { ...definition, name: keyOf(definition.name), space, group }
  }
  return {
    create: async (definition) => targets.create(ownDefinition(definition)),
    replace: async (definition) => targets.replace(ownDefinition(definition)),
    remove: (name) => targets.remove(keyOf(name)),
    async find(name) {
      const target = await targets.find(keyOf(name))
      return target === null ? null : named(target)
    },
    async list(filter, { limit, cursor }) {
      const page = { limit, cursor: cursor === null ? null : keyOf(cursor) }
      const { items, nextCursor } = await targets.list({ ...filter, space }, page)
      return {
        items: items.map(named),
        nextCursor: nextCursor === null ? null : targetName(nextCursor),
      }
    },
    async processes(names) {
      const processes = await targets.processes(names.map(keyOf))
      return Promise.all(processes.map((process) => ownProcess(process, captures)))
    },
    setPaused: (name, isPaused) => targets.setPaused(keyOf(name), isPaused),
    askTest: (name) => targets.askTest(keyOf(name)),
    findTest: (name, askedAtMs) => targets.findTest(keyOf(name), askedAtMs),
    // The paths of the file and its clusters are those of the server's operator.
    fileState: async () => (space === DEFAULT_SPACE ? targets.fileState() : null),
  }
}

function named(target: StoredTarget): StoredTarget {
  return { ...target, name: targetName(target.name) }
}

/** Two spaces may have targets that find one process. Each sees its own captures of it. */
async function ownProcess(
  process: StoredProcess,
  captures: SpaceStore['captures'],
): Promise<StoredProcess> {
  const target = targetName(process.target)
  const { lastCapture } = process
  const isOwn = lastCapture === null || (await captures.find(lastCapture.id)) !== null
  return isOwn ? { ...process, target } : { ...process, target, lastCapture: null }
}

const NO_SCHEDULES: SpaceStore['schedules'] = {
  find: async () => null,
  list: async () => ({ items: [], nextCursor: null }),
  setPaused: async () => false,
}

function linksIn(store: Whole, space: string): SpaceStore['links'] {
  const { links } = store
  const profiles = profilesIn(store, space)
  return {
    async add(link) {
      const shared = [link.profileId, link.beforeProfileId ?? link.profileId]
      const found = await Promise.all(shared.map((id) => profiles.find(id)))
      return found.includes(null) ? null : links.add(link)
    },
    list: (filter, page) => links.list({ ...filter, space }, page),
    async revoke(id) {
      const link = await links.find(id)
      return link?.space === space ? links.revoke(id) : null
    },
  }
}
