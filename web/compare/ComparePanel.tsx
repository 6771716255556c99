import { NativeSelect, SegmentedControl, Skeleton } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { ProfileDiff } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerText } from '../untrusted/ServerMessage.tsx'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { DrawnFrame } from '../view-worker/view-messages.ts'
import classes from './ComparePage.module.css'
import { ChangeTable } from './ChangeTable.tsx'
import { CompareDetails, type ComparedIds } from './CompareDetails.tsx'
import { CompareFlames } from './CompareFlames.tsx'
import { CompareSentence } from './CompareSentence.tsx'
import {
  chosenPer,
  type CompareChoice,
  PERS,
  SHOWN,
  useCompareChoice,
} from './use-compare-choice.ts'
import type { KnownRates } from './use-request-rates.ts'

interface ComparePanelProps {
  readonly client: ViewClient
  /** Requests a second of both; `null` where that is not known. */
  readonly rates: KnownRates | null
  /** The choice of an address without one. */
  readonly whenEmpty?: SearchParams
  /** Of profiles that have pages of their own. */
  readonly ids?: ComparedIds
  /** Shown below the sentence. */
  readonly children?: ReactNode
}

/** The comparison in one sentence, as flame graphs, and by function. */
export function ComparePanel({ client, rates, whenEmpty, ids, children }: ComparePanelProps) {
  const texts = useTexts()
  const [choice, change] = useCompareChoice(whenEmpty)
  const { sampleType } = choice
  const per = chosenPer(choice, rates)
  const [chosen, setChosen] = useState<DrawnFrame | null>(null)
  // The numbers do not depend on what is drawn; this picture is a small one.
  const { data, error } = useWorkerAnswer(client, ['compare', sampleType, per], () =>
    client.compare({
      sampleType,
      per,
      side: 'both',
      zoom: '',
      hidesChain: true,
      widthPx: 1,
    }),
  )
  return (
    <section className={`card ${classes['panel']}`} aria-label={texts.compareTitle}>
      {data === undefined && error === null && <Skeleton height={420} radius="sm" />}
      {error !== null && (
        <p role="alert">
          <ServerText text={error.message} />
        </p>
      )}
      {data !== undefined && data.failure !== null && (
        <p role="alert">
          <strong>{texts.compareFailed}</strong> <ServerText text={data.failure} />
        </p>
      )}
      {data !== undefined && data.failure === null && (
        <>
          <CompareSentence diff={data.diff} rates={rates} />
          {children}
          <Controls {...{ client, rates, choice, change }} diff={data.diff} />
          <p className={classes['legend']}>{texts.compareLegend}</p>
          <CompareFlames
            client={client}
            choice={choice}
            per={per}
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
  readonly rates: KnownRates | null
  readonly choice: CompareChoice
  readonly change: (changes: Partial<CompareChoice>) => void
  readonly diff: ProfileDiff
}

function Controls({ client, rates, choice, change, diff }: ControlsProps) {
  const texts = useTexts()
  const { sampleTypes } = client.profile
  const pers = rates === null ? PERS.filter((per) => per !== 'request') : PERS
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
        <SegmentedControl
          size="xs"
          aria-label={texts.comparePer}
          value={diff.per}
          data={pers.map((value) => ({ value, label: texts.comparePers[value] }))}
          onChange={(chosen) => change({ per: PERS.find((known) => known === chosen) ?? 'second' })}
        />
      )}
    </div>
  )
}
