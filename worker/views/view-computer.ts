import type { ViewFunctions, ViewName, ViewRedaction } from '../../api/index.ts'
import { bytesOfProfile, type StoredProfile } from '../../store/index.ts'
import type { DecoderTask } from '../pool/decoder-task.ts'
import { type DecoderNeeds, runInDecoder } from './run-in-decoder.ts'

/** Computes views in the decoder processes. */
export function openViewComputer(needs: DecoderNeeds): ViewFunctions<StoredProfile> {
  const run = <Task extends DecoderTask<ViewName>>(task: Task) =>
    runInDecoder(needs, task, task.bytes.key)
  return {
    top: async (profile, query, redaction = null) =>
      run({ kind: 'top', ...taskOf(profile, query, redaction) }),
    flame: async (profile, query, redaction = null) =>
      run({ kind: 'flame', ...taskOf(profile, query, redaction) }),
    peek: async (profile, query, redaction = null) =>
      run({ kind: 'peek', ...taskOf(profile, query, redaction) }),
    tree: async (profile, query, redaction = null) =>
      run({ kind: 'tree', ...taskOf(profile, query, redaction) }),
    traces: async (profile, query, redaction = null) =>
      run({ kind: 'traces', ...taskOf(profile, query, redaction) }),
    graph: async (profile, query, redaction = null) =>
      run({ kind: 'graph', ...taskOf(profile, query, redaction) }),
    tags: async (profile, query, redaction = null) =>
      run({ kind: 'tags', ...taskOf(profile, query, redaction) }),
    svg: async (profile, query, redaction = null) =>
      run({ kind: 'svg', ...taskOf(profile, query, redaction) }),
    png: async (profile, query, redaction = null) =>
      run({ kind: 'png', ...taskOf(profile, query, redaction) }),
    export: async (profile, query, redaction = null) =>
      run({ kind: 'export', ...taskOf(profile, query, redaction) }),
    columns: async (profile, query, redaction = null) =>
      run({ kind: 'columns', ...taskOf(profile, query, redaction) }),
    preview: async (profile, query, redaction = null) =>
      run({ kind: 'preview', ...taskOf(profile, query, redaction) }),
  }
}

function taskOf<Query>(profile: StoredProfile, query: Query, redaction: ViewRedaction | null) {
  return { bytes: bytesOfProfile(profile), query, redaction }
}
