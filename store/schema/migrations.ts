import type { Migration } from 'kysely'
import { createProfiles } from './migrations/0001-profiles.ts'
import { createCaptures } from './migrations/0002-captures.ts'
import { createTargets } from './migrations/0003-targets.ts'
import { createSafety } from './migrations/0004-safety.ts'
import { createAccounts } from './migrations/0005-accounts.ts'
import { createHistory } from './migrations/0006-history.ts'
import { createFindings } from './migrations/0008-findings.ts'
import { createSpaces } from './migrations/0009-spaces.ts'
import { createBaselines } from './migrations/0012-baselines.ts'
import { createLists } from './migrations/0010-lists.ts'
import { createHistoryTiers } from './migrations/0011-history-tiers.ts'
import { createHistoryNumbers } from './migrations/0013-history-numbers.ts'
import { createLinkSubjects } from './migrations/0015-links.ts'
import { createListsByTime } from './migrations/0016-lists-by-time.ts'
import { createPinnedProfiles } from './migrations/0018-pinned-profiles.ts'
import { createAgesOfColumns } from './migrations/0021-ages-of-columns.ts'
import { createRequests } from './migrations/0022-requests.ts'
import { createRequestsBefore } from './migrations/0025-requests-before.ts'
import { createFoldedObservations } from './migrations/0026-folded-observations.ts'
import { createFailedProfiles } from './migrations/0027-failed-profiles.ts'
import { createSupersededAnalyses } from './migrations/0028-superseded-analyses.ts'
import { createNearest } from './migrations/0029-nearest.ts'
import { createNarrowLists } from './migrations/0030-narrow-lists.ts'
import { forgetUploadTimes } from './migrations/0031-upload-times.ts'
import { createProfileCluster } from './migrations/0032-profile-cluster.ts'

/** In order of their names. A migration that has run anywhere is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-profiles': { up: createProfiles },
  '0002-captures': { up: createCaptures },
  '0003-targets': { up: createTargets },
  '0004-safety': { up: createSafety },
  '0005-accounts': { up: createAccounts },
  '0006-history': { up: createHistory },
  '0008-findings': { up: createFindings },
  '0009-spaces': { up: createSpaces },
  '0010-lists': { up: createLists },
  '0012-baselines': { up: createBaselines },
  '0011-history-tiers': { up: createHistoryTiers },
  '0013-history-numbers': { up: createHistoryNumbers },
  '0015-links': { up: createLinkSubjects },
  '0016-lists-by-time': { up: createListsByTime },
  '0018-pinned-profiles': { up: createPinnedProfiles },
  '0021-ages-of-columns': { up: createAgesOfColumns },
  '0022-requests': { up: createRequests },
  '0025-requests-before': { up: createRequestsBefore },
  '0026-folded-observations': { up: createFoldedObservations },
  '0027-failed-profiles': { up: createFailedProfiles },
  '0028-superseded-analyses': { up: createSupersededAnalyses },
  '0029-nearest': { up: createNearest },
  '0030-narrow-lists': { up: createNarrowLists },
  '0031-upload-times': { up: forgetUploadTimes },
  '0032-profile-cluster': { up: createProfileCluster },
}
