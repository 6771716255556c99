import { encodeColumns, profileFromFolded } from '../../profile/index.ts'
import { judgeLocally } from '../local-profiles/local-profiles.ts'
import { openViewClient } from '../view-worker/view-client.ts'
import { loadViews } from '../views/index.ts'

const FOLDED = 'main;handle;read 3\nmain;handle;write 1\n'
const QUERY = { sampleType: '', filters: [{ kind: 'i', pattern: 'write' }] } as const

const COMPARISON = {
  sampleType: '',
  per: 'second',
  side: 'both',
  zoom: '',
  hidesChain: true,
  widthPx: 1,
} as const

let warmed: Promise<void> | null = null

/**
 * Reads, judges and shows a profile of three functions, so that every part of the app that is loaded on demand is here
 * before the reader's file is: from then on nothing is requested. Throws where a part cannot be loaded.
 */
export function warmUp(): Promise<void> {
  warmed ??= run().catch((error: unknown) => {
    warmed = null
    throw error
  })
  return warmed
}

async function run(): Promise<void> {
  const columns = () => encodeColumns(profileFromFolded(FOLDED, SAMPLES)).buffer
  await Promise.all([
    import('./LocalProfilePage.tsx'),
    import('./LocalCapturePage.tsx'),
    import('./LocalComparePage.tsx'),
    import('../flame/d3-flame-renderer.ts'),
    loadViews(),
    import('../export/run-export.ts'),
    import('../uploads/files-of-zip.ts'),
    import('../uploads/files-of-tar.ts'),
    judgeLocally('warm-up.folded', new Blob([FOLDED])),
    runViews(columns),
  ])
}

const SAMPLES = [{ type: 'samples', unit: 'count' }]

async function runViews(columns: () => ArrayBuffer): Promise<void> {
  const load = async () => columns()
  const client = await openViewClient(load, load)
  try {
    await client.top(QUERY)
    await client.compare(COMPARISON)
    await client.graph({ query: QUERY, nodeCount: 20 })
    await client.file({ query: QUERY, format: 'top', of: 'profile' })
  } finally {
    client.close()
  }
}
