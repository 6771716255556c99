import { ActionIcon, NativeSelect, Skeleton, Tooltip } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { componentsNote, type ProfileSummary } from '../../api/index.ts'
import { columnsPath } from '../paths.ts'
import { ShareButton } from '../share/ShareButton.tsx'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { SwapIcon } from '../ui/icons.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useViewClient } from '../view-parts/use-view-client.ts'
import { formatQueryString, type SearchParams } from '../view-state/search-params.ts'
import { CompareExport } from './CompareExport.tsx'
import { NoteText } from './NoteText.tsx'
import { CompareFindings } from './CompareFindings.tsx'
import { ComparePanel } from './ComparePanel.tsx'
import classes from './ComparePage.module.css'
import { CompareSide } from './CompareSide.tsx'
import { sideFact } from './side-fact.ts'
import { useCompareChoice, withChoice } from './use-compare-choice.ts'
import type { Pair, PairChoice } from './use-pair.ts'
import type { KnownRates } from './use-request-rates.ts'

interface ComparedPairProps {
  readonly choice: PairChoice
  readonly pair: Pair
  /** Requests a second of both; `null` where that is not known. */
  readonly rates: KnownRates | null
}

/** The two sides, and what changed between them. */
export function ComparedPair({ choice, pair, rates }: ComparedPairProps) {
  const texts = useTexts()
  const { before, after, isUnlike } = pair
  const { isLocal } = choice
  const failure = before.error ?? after.error
  const retry = () => {
    for (const side of [before, after]) if (side.error !== null) side.retry()
  }
  const hasSides = before.error === null || after.error === null
  const areKnown = before.profile !== undefined && after.profile !== undefined
  return (
    <div className="page" data-wide="">
      <header className={classes['header']}>
        <h1 className="page-title">{texts.compareTitle}</h1>
        <div className={classes['sides']}>
          <CompareSide label={texts.compareBefore} side={before} isLocal={isLocal} />
          {hasSides && <SwapButton />}
          <CompareSide label={texts.compareAfter} side={after} isLocal={isLocal} />
          <KindSelect pair={pair} />
          {areKnown && (
            <PairActions {...{ before: before.profile, after: after.profile, isLocal, rates }} />
          )}
        </div>
      </header>
      {failure !== null && (
        <RequestFailure title={texts.compareNotLoaded} error={failure} onRetry={retry} />
      )}
      {isUnlike && (
        <p role="alert">
          <strong>{texts.compareFailed}</strong> {texts.compareUnlike}
        </p>
      )}
      {!areKnown && failure === null && !isUnlike && <Skeleton height={420} radius="md" />}
      {areKnown && before.profile.id === after.profile.id && (
        <p className="muted">{texts.compareSame}</p>
      )}
      {areKnown && (
        <ComponentsNote before={before.profile.component} after={after.profile.component} />
      )}
      {areKnown && (
        <ComparedProfiles
          key={`${before.profile.id} ${after.profile.id}`}
          {...{ pair, isLocal, rates, before: before.profile.id, after: after.profile.id }}
        />
      )}
    </div>
  )
}

function ComponentsNote(components: Record<'before' | 'after', string | null>) {
  const note = componentsNote([components.before], [components.after])
  if (note === null) return null
  return (
    <p className="muted">
      <NoteText note={note} />
    </p>
  )
}

interface ComparedProfilesProps extends Pick<ComparedPairProps, 'pair' | 'rates'> {
  readonly isLocal: boolean
  /** Ids. */
  readonly before: string
  readonly after: string
}

function ComparedProfiles({ pair, rates, isLocal, before, after }: ComparedProfilesProps) {
  const texts = useTexts()
  const { client, error, retry } = useViewClient(pathOf(after, isLocal), pathOf(before, isLocal))
  if (error !== null) {
    return <RequestFailure title={texts.compareNotLoaded} error={error} onRetry={retry} />
  }
  if (client === null) return <Skeleton height={420} radius="md" />
  return (
    <ComparePanel client={client} rates={rates} ids={{ before, after, isLocal }}>
      <CompareFindings pair={pair} isLocal={isLocal} />
    </ComparePanel>
  )
}

function SwapButton() {
  const texts = useTexts()
  const navigate = useNavigate()
  const params: SearchParams = useSearch({ strict: false })
  const swapped = { ...params, a: params['b'] ?? '', b: params['a'] ?? '' }
  return (
    <Tooltip label={texts.compareSwap}>
      <ActionIcon
        size={28}
        variant="default"
        aria-label={texts.compareSwap}
        onClick={() => void navigate({ to: '.', search: swapped })}
      >
        <SwapIcon />
      </ActionIcon>
    </Tooltip>
  )
}

/** Which profile of two captures is compared. */
function KindSelect({ pair: { kinds, kind } }: Pick<ComparedPairProps, 'pair'>) {
  const texts = useTexts()
  const navigate = useNavigate()
  const params: SearchParams = useSearch({ strict: false })
  if (kinds.length < 2) return null
  const choose = (chosen: string) => {
    const { si: _, p: __, per: ___, ...kept } = params
    void navigate({ to: '.', search: { ...kept, kind: chosen } })
  }
  return (
    <NativeSelect
      size="xs"
      aria-label={texts.compareKindOf}
      value={kind}
      data={kinds.map((value) => ({ value, label: kindTitle(value, texts) }))}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  )
}

interface PairActionsProps extends Pick<ComparedPairProps, 'rates'> {
  readonly before: ProfileSummary
  readonly after: ProfileSummary
  readonly isLocal: boolean
}

function PairActions({ before, after, isLocal, rates }: PairActionsProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const [choice] = useCompareChoice()
  return (
    <div className={classes['actions']}>
      <CompareExport
        before={pathOf(before.id, isLocal)}
        after={pathOf(after.id, isLocal)}
        rates={rates}
        facts={[
          sideFact(texts.compareBefore, before, zone),
          sideFact(texts.compareAfter, after, zone),
        ]}
      />
      {!isLocal && (
        <ShareButton
          subject={{ profileId: after.id, beforeId: before.id }}
          view={formatQueryString(withChoice({}, choice))}
        />
      )}
    </div>
  )
}

function pathOf(id: string, isLocal: boolean): string {
  return columnsPath({ kind: isLocal ? 'local' : 'profile', id })
}

/** `CPU profile`: beside the sample types, of which one is called cpu, too. */
function kindTitle(kind: string, texts: Texts): string {
  const titles: Readonly<Record<string, string>> = texts.partKinds
  return titles[kind] ?? kind
}
