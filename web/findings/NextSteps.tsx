import { useQuery } from '@tanstack/react-query'
import type { NextStep } from '../../api/index.ts'
import { sessionQuery } from '../requests/session-queries.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { logPattern } from './log-pattern.ts'
import classes from './NextSteps.module.css'

/** Where to look next beyond the profile, ready to copy. */
export function NextSteps(props: { readonly steps: readonly NextStep[] }) {
  const texts = useTexts()
  const metricsUrl = useMetricsUrl()
  return (
    <ul className={classes['list']}>
      {props.steps.map((step) => {
        const { kind, text } = whereOf(step, texts)
        return (
          <li key={`${step.what} ${text}`}>
            <p>
              <UntrustedText text={step.what} />
            </p>
            {text !== '' && (
              <div className={classes['box']}>
                <span className={classes['kind']}>{kind}</span>
                <code className={classes['code']}>
                  <UntrustedText text={text} />
                </code>
                {step.metric !== undefined && metricsUrl !== null && (
                  <a
                    className={classes['run']}
                    href={metricsUrl.replace('{query}', () => encodeURIComponent(text))}
                    target="_blank"
                    rel="noreferrer noopener"
                  >
                    {texts.nextRunQuery}
                  </a>
                )}
                <CopyButton text={text} />
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** Asks nothing by itself: shared and local pages have no session, and show no address of the operator. */
function useMetricsUrl(): string | null {
  const { data: session } = useQuery({ ...sessionQuery(), enabled: false })
  return session?.metricsUrl ?? null
}

function whereOf(step: NextStep, texts: Texts): { readonly kind: string; readonly text: string } {
  if (step.command !== undefined) return { kind: texts.nextCommand, text: step.command }
  if (step.metric !== undefined) return { kind: texts.nextMetric, text: step.metric }
  return { kind: texts.nextGrep, text: logPattern(step.log ?? '') }
}
