import type { ViewFunctions, ViewName } from '../../api/index.ts'
import { type BlobKey, stateError, type StoredProfile } from '../../store/index.ts'
import type { DecoderTask } from '../pool/decoder-task.ts'
import { type DecoderNeeds, runInDecoder } from './run-in-decoder.ts'

/** Computes views in the decoder processes. */
export function openViewComputer(needs: DecoderNeeds): ViewFunctions<StoredProfile> {
  const run = <Task extends DecoderTask<ViewName>>(task: Task) =>
    runInDecoder(needs, task, task.columnsBlobKey)
  return {
    top: async (profile, query) => run({ kind: 'top', columnsBlobKey: columnsOf(profile), query }),
    flame: async (profile, query) =>
      run({ kind: 'flame', columnsBlobKey: columnsOf(profile), query }),
    peek: async (profile, query) =>
      run({ kind: 'peek', columnsBlobKey: columnsOf(profile), query }),
    tree: async (profile, query) =>
      run({ kind: 'tree', columnsBlobKey: columnsOf(profile), query }),
    tags: async (profile, query) =>
      run({ kind: 'tags', columnsBlobKey: columnsOf(profile), query }),
    svg: async (profile, query) => run({ kind: 'svg', columnsBlobKey: columnsOf(profile), query }),
    export: async (profile, query) =>
      run({ kind: 'export', columnsBlobKey: columnsOf(profile), query }),
  }
}

/** Throws the reason when the profile has no views. */
export function columnsOf(profile: StoredProfile): BlobKey {
  if (profile.columnsBlobKey === null) throw stateError(profile)
  return profile.columnsBlobKey
}
