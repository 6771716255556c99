import { memo } from 'react'
import type { Finding, Report } from '../../api/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { FindingCard } from './FindingCard.tsx'
import classes from './Findings.module.css'
import { GcAccountBar } from './GcAccountBar.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { Notes } from './Notes.tsx'

interface FindingsProps {
  readonly report: Report
  /** The rule whose finding the views mark; `''` for none. */
  readonly marked: string
  readonly onMark: (finding: Finding) => void
  /** The text shown without findings. */
  readonly quietLead?: string
}

/** The findings, most severe first; the worst is open. */
export const Findings = memo(function Findings(props: FindingsProps) {
  const texts = useTexts()
  const { report } = props
  const isClear = report.summary?.isClear ?? true
  return (
    <section className={classes['section']} aria-label={texts.findingsTitle}>
      {report.findings.length === 0 ? (
        <div className={`card ${classes['quiet']}`}>
          <span className={classes['glyph']} aria-hidden="true">
            {isClear ? '✓' : '?'}
          </span>
          <div>
            <h2 className={classes['title']}>{isClear ? texts.quietTitle : texts.unclearTitle}</h2>
            <p className="muted">{props.quietLead ?? `${texts.quietLead} ${texts.quietBelow}`}</p>
            {report.summary !== undefined && (
              <p className="muted">
                <UntrustedText text={report.summary.text} />
              </p>
            )}
          </div>
        </div>
      ) : (
        <ul className={`card ${classes['list']}`}>
          {report.findings.map((finding, row) => (
            <li key={`${finding.rule} ${finding.group ?? ''}`}>
              <FindingCard
                finding={finding}
                isOpenAtFirst={row === 0}
                isMarked={finding.rule === props.marked}
                onMark={props.onMark}
              />
            </li>
          ))}
        </ul>
      )}
      {(report.gc !== null || report.notes.length > 0) && (
        <div className={classes['below']}>
          {report.gc !== null && <GcAccountBar gc={report.gc} />}
          {report.notes.length > 0 && <Notes notes={report.notes} />}
        </div>
      )}
    </section>
  )
})
