import { Button, NativeSelect, SegmentedControl, Skeleton } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { ProfileDiff } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { DrawnFrame } from '../view-worker/view-messages.ts'
import classes from './ComparePage.module.css'
import { ChangeTable } from './ChangeTable.tsx'
import { CompareDetails } from './CompareDetails.tsx'
import { CompareFlames } from './CompareFlames.tsx'
import { CompareSentence } from './CompareSentence.tsx'
import { type CompareChoice, SHOWN, useCompareChoice } from './use-compare-choice.ts'

interface ComparePanelProps {
  readonly client: ViewClient
  /** The ids of the two profiles, where they are stored ones. */
  readonly ids?: { readonly before: string; readonly after: string }
  /** Shown below the sentence. */
  readonly children: ReactNode
}

/** The comparison in one sentence, as flame graphs, and by function. */
export function ComparePanel({ client, ids, children }: ComparePanelProps) {
  const texts = useTexts()
  const [choice, change] = useCompareChoice()
  const { sampleType, isAbsolute } = choice
  const [chosen, setChosen] = useState<DrawnFrame | null>(null)
  // The numbers do not depend on what is drawn; this picture is a small one.
  const { data, error } = useWorkerAnswer(client, ['compare', sampleType, isAbsolute], () =>
    client.compare({
      sampleType,
      isAbsolute,
      side: 'both',
      zoom: '',
      hidesChain: true,
      widthPx: 1,
    }),
  )
  return (
    <section className={`card ${classes['panel']}`} aria-label={texts.compareTitle}>
      {data === undefined && error === null && <Skeleton height={420} radius="sm" />}
      {error !== null && <p role="alert">{error.message}</p>}
      {data !== undefined && data.failure !== null && (
        <p role="alert">
          <strong>{texts.compareFailed}.</strong> {data.failure}
        </p>
      )}
      {data !== undefined && data.failure === null && (
        <>
          <CompareSentence diff={data.diff} subsystems={data.subsystems} />
          {children}
          <Controls client={client} choice={choice} change={change} diff={data.diff} />
          <p className={classes['legend']}>{texts.compareLegend}</p>
          <CompareFlames
            client={client}
            choice={choice}
            change={change}
            selected={chosen?.name ?? ''}
            onSelect={setChosen}
          />
          <CompareDetails frame={chosen} diff={data.diff} ids={ids ?? null} />
          <ChangeTable diff={data.diff} />
        </>
      )}
    </section>
  )
}

interface ControlsProps {
  readonly client: ViewClient
  readonly choice: CompareChoice
  readonly change: (changes: Partial<CompareChoice>) => void
  readonly diff: ProfileDiff
}

function Controls({ client, choice, change, diff }: ControlsProps) {
  const texts = useTexts()
  const { sampleTypes } = client.profile
  return (
    <div className={classes['bar']}>
      <SegmentedControl
        size="xs"
        aria-label={texts.compareShown}
        value={choice.shown}
        data={SHOWN.map((value) => ({ value, label: texts.compareSides[value] }))}
        onChange={(chosen) => change({ shown: SHOWN.find((known) => known === chosen) ?? 'all' })}
      />
      {sampleTypes.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label={texts.sampleType}
          value={diff.sampleType.type}
          data={sampleTypes.map(({ type }) => type)}
          onChange={(event) => change({ sampleType: event.currentTarget.value, zoom: '' })}
        />
      )}
      {diff.kind === 'interval' && (
        <Button
          size="xs"
          variant="default"
          aria-pressed={choice.isAbsolute}
          onClick={() => change({ isAbsolute: !choice.isAbsolute })}
        >
          {texts.comparePer}: {choice.isAbsolute ? texts.compareAbsolute : texts.comparePerSecond}
        </Button>
      )}
    </div>
  )
}
