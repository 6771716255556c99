import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { Finding } from '../../api/index.ts'
import { captureFacts } from '../captures/capture-facts.ts'
import { captureKind } from '../format/capture-title.ts'
import classes from '../captures/CapturePage.module.css'
import { CaptureParts } from '../captures/CaptureParts.tsx'
import { profilesOf } from '../captures/main-profile.ts'
import { TraceSection } from '../captures/TraceSection.tsx'
import { ExportMenu } from '../export/ExportMenu.tsx'
import { pictureOf } from '../export/export-source.ts'
import { Findings } from '../findings/Findings.tsx'
import { type LocalCapture, sumUpTrace, useLocalFiles } from '../local-profiles/local-profiles.ts'
import { columnsPath } from '../paths.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { PageHeader } from '../ui/PageHeader.tsx'
import { DEFAULT_VIEW_STATE } from '../view-state/view-state.ts'
import { isTraceAlone, localCaptureName } from './local-capture-title.ts'
import { LocalGone } from './LocalGone.tsx'

/** The files of one process that only this browser has, judged together. */
export function LocalCapturePage() {
  const { id } = useParams({ from: '/local/captures/$id' })
  const capture = useLocalFiles().captures.find(({ summary }) => summary.id === id)
  return capture === undefined ? <LocalGone /> : <OpenCapture capture={capture} />
}

function OpenCapture({ capture: { summary, reports, trace } }: { readonly capture: LocalCapture }) {
  const { texts, language } = useLanguage()
  const { zone } = useTimeZone()
  const navigate = useNavigate()
  const show = useCallback(
    ({ rule, profile }: Finding) => {
      const id = summary.parts.find(({ kind }) => kind === profile)?.profileId
      if (id === undefined || id === null) return
      const search = { view: 'flame', finding: rule }
      void navigate({ to: '/local/$id', params: { id }, search })
    },
    [summary, navigate],
  )
  const isTrace = isTraceAlone(summary)
  const title = localCaptureName(summary, texts)
  // A trace alone does not say when it was taken.
  const facts = isTrace
    ? summary.parts.flatMap(({ fileName }) => fileName ?? [])
    : captureFacts(summary, texts, null)
  const report = reports[language]
  const pictures = profilesOf(summary).map(({ kind, profileId }) =>
    pictureOf(columnsPath({ kind: 'local', id: profileId }), kind, DEFAULT_VIEW_STATE),
  )
  return (
    <div className={`page ${classes['page']}`}>
      <PageHeader
        title={title}
        kind={isTrace ? summary.component : captureKind(summary, texts, zone)}
        facts={facts}
      >
        <Link to="/local">{texts.localOther}</Link>
        {!isTrace && <ExportMenu page={{ title, facts, report }} pictures={pictures} />}
      </PageHeader>
      {!isTrace && (
        <Findings
          report={report}
          marked=""
          onMark={show}
          opensAs="whole"
          quietLead={texts.captureQuietLead}
        />
      )}
      {!isTrace && (
        <section aria-labelledby="parts">
          <h2 id="parts" className={classes['heading']}>
            {texts.captureContents}
          </h2>
          <CaptureParts capture={summary} isLocal />
        </section>
      )}
      {trace !== null && (
        <TraceSection capture={summary} load={() => sumUpTrace(trace)} isOpen={isTrace} />
      )}
    </div>
  )
}
