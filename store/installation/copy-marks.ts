import type { Installation } from './installation.ts'
import { type InstallationNeeds, readRow, setStop, stopOf, update } from './installation-row.ts'

type CopyMarks = Pick<
  Installation,
  'pauseDeletion' | 'resumeDeletion' | 'identity' | 'startCopy' | 'finishCopy' | 'accept'
>

/** What copies, and the operator, note about which rows and blobs belong together. */
export function copyMarks(needs: InstallationNeeds): CopyMarks {
  const { db, now, blobs } = needs
  return {
    async pauseDeletion(ms) {
      const known = stopOf(await readRow(db))
      if (known !== null && known.reason !== 'backup_running') return
      const text = 'Nothing is deleted while a backup runs.'
      const stop = { reason: 'backup_running', text, sinceMs: now(), untilMs: now() + ms }
      await update(needs, { stopJson: JSON.stringify(stop) })
    },
    async resumeDeletion() {
      const known = stopOf(await readRow(db))
      if (known?.reason === 'backup_running') await update(needs, { stopJson: null })
    },
    async identity() {
      const { id, mark } = await readRow(db)
      return { installationId: id, mark }
    },
    async startCopy() {
      await setStop(needs, 'copy_incomplete')
    },
    async finishCopy({ installationId, mark: sourceMark }) {
      const found = await blobs.readIdentity().catch(() => null)
      const mark = Math.max(sourceMark, found?.mark ?? 0) + 1
      await blobs.writeIdentity({ installationId, mark })
      await update(needs, { id: installationId, mark, stopJson: null })
    },
    async accept() {
      const identity = await blobs.readIdentity().catch(() => null)
      const row = await readRow(db)
      const mark = Math.max(row.mark, identity?.mark ?? 0) + 1
      await update(needs, { mark, stopJson: null, acceptedAtMs: now() })
      await blobs.writeIdentity({ installationId: row.id, mark })
    },
  }
}
