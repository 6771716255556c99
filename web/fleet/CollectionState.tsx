import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { TargetSummary } from '../../api/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { runningCapturesQuery } from '../requests/capture-queries.ts'
import type { Texts } from '../texts/en.ts'
import type { Language } from '../texts/language.ts'
import { serverMessage } from '../texts/server-message.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import rows from '../lists/Rows.module.css'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './NewFindings.module.css'

/** A collector discovers each target every minute. */
const STOPPED_AFTER_MS = 5 * 60_000

/** What is being captured now, and what stands still. */
export function CollectionState({ targets }: { readonly targets: readonly TargetSummary[] }) {
  const { texts, language } = useLanguage()
  const [nowMs] = useState(() => Date.now())
  const troubles = targets.flatMap((target) => troublesOf(target, { texts, language }, nowMs))
  return (
    <>
      <RunningCaptures />
      {troubles.length > 0 && (
        <section aria-labelledby="stopped">
          <h2 id="stopped" className={classes['heading']}>
            {texts.fleetStopped}
          </h2>
          <ul className={`card ${rows['list']}`}>
            {troubles.map(({ target, text }) => (
              <li key={target}>
                <Link
                  to="/targets/$name"
                  params={{ name: target }}
                  className={`${rows['row']} ${classes['row']}`}
                >
                  <span>
                    <UntrustedText text={text} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

interface TargetTrouble {
  readonly target: string
  readonly text: string
}

function troublesOf(
  { name, error, pausedAt, discoveredAt }: TargetSummary,
  { texts, language }: { readonly texts: Texts; readonly language: Language },
  nowMs: number,
): readonly TargetTrouble[] {
  if (pausedAt !== null) return [{ target: name, text: texts.fleetPaused(name) }]
  if (error !== null) return [{ target: name, text: `${name}: ${serverMessage(error, language)}` }]
  const isStopped = discoveredAt !== null && nowMs - Date.parse(discoveredAt) > STOPPED_AFTER_MS
  return isStopped ? [{ target: name, text: texts.fleetNoCollector(name) }] : []
}

function RunningCaptures() {
  const texts = useTexts()
  const { data } = useQuery(runningCapturesQuery())
  if (data === undefined || data.length === 0) return null
  return (
    <section aria-labelledby="running">
      <h2 id="running" className={classes['heading']}>
        {texts.fleetRunning}
      </h2>
      <ul className={`card ${rows['list']}`}>
        {data.map(({ id, target, instance, component, status, createdAt }) => (
          <li key={id}>
            <Link to="/captures/$id" params={{ id }} className={`${rows['row']} ${classes['row']}`}>
              <span>
                <UntrustedText
                  text={
                    [target, instance].filter((part) => part !== null).join(' · ') ||
                    (component ?? texts.unknownComponent)
                  }
                />
              </span>
              <span className={classes['where']}>
                {texts.captureStatus[status]} <TimeAgo time={createdAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
