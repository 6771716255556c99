import { memo } from 'react'
import type { Finding, Report } from '../../api/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { FindingCard } from './FindingCard.tsx'
import classes from './Findings.module.css'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { ReportRemarks } from './ReportRemarks.tsx'

interface FindingsProps {
  readonly report: Report
  /** The rule whose finding the views mark; `''` for none. */
  readonly marked: string
  readonly onMark: (finding: Finding) => void
  /** How the worst finding opens; the others are one line each. */
  readonly opensAs: 'whole' | 'brief' | 'closed'
  /** True where nothing was measured, so that nothing can be said. */
  readonly isEmpty?: boolean
  /** False where the page has the rest of the report elsewhere. */
  readonly hasRemarks?: boolean
  /** The text shown without findings. */
  readonly quietLead?: string
}

/** The findings, most severe first; the worst is open. */
export const Findings = memo(function Findings(props: FindingsProps) {
  const texts = useTexts()
  const { report } = props
  const isEmpty = props.isEmpty === true
  const isClear = !isEmpty && (report.summary?.isClear ?? false)
  const summary = splitSummary(report.summary?.text ?? '')
  return (
    <section className={classes['section']} aria-label={texts.findingsTitle}>
      {report.findings.length === 0 ? (
        <div className={`card ${classes['quiet']}`}>
          <span className={classes['glyph']} data-clear={isClear} aria-hidden="true">
            {isClear ? '✓' : '?'}
          </span>
          <div>
            <h2 className={classes['title']}>
              {isEmpty ? (
                texts.emptyTitle
              ) : (
                <UntrustedText text={summary.title || texts.unclearTitle} />
              )}
            </h2>
            <p className="muted">
              {isEmpty
                ? texts.emptyLead
                : (props.quietLead ?? `${texts.quietLead} ${texts.quietBelow}`)}
            </p>
            {summary.rest !== '' && (
              <p className="muted">
                <UntrustedText text={isEmpty ? `${summary.title} ${summary.rest}` : summary.rest} />
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
                opensAs={row === 0 ? props.opensAs : 'closed'}
                isMarked={finding.rule === props.marked}
                onMark={props.onMark}
              />
            </li>
          ))}
        </ul>
      )}
      {props.hasRemarks !== false && (
        <ReportRemarks report={report} isOpen={props.opensAs === 'whole'} />
      )}
    </section>
  )
})

/** Its first sentence, which says whether anything stands out and in what, is the title; the rest is said below. */
function splitSummary(text: string): { readonly title: string; readonly rest: string } {
  const end = /[.。]/.exec(text)?.index ?? text.length
  return { title: text.slice(0, end), rest: text.slice(end + 1).trim() }
}
