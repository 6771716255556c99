import type { Report } from '../../api/index.ts'
import classes from './Findings.module.css'
import { GcAccountBar } from './GcAccountBar.tsx'
import { Notes } from './Notes.tsx'

interface ReportRemarksProps {
  readonly report: Report
  /** Whether the notes are open. */
  readonly isOpen: boolean
}

/** What a report says beside its findings: the account of the collector, and notes. */
export function ReportRemarks({ report, isOpen }: ReportRemarksProps) {
  const { gc, notes } = report
  const hasAccount = gc !== null && gc.paidShare + gc.idleShare + gc.allocShare >= GC_SHARE_MIN
  if (!hasAccount && notes.length === 0) return null
  return (
    <div className={classes['below']}>
      {hasAccount && <GcAccountBar gc={gc} />}
      {notes.length > 0 && <Notes notes={notes} isOpen={isOpen} />}
    </div>
  )
}

/** Below this share of CPU time an account of the collector is four zeros. */
const GC_SHARE_MIN = 0.005
