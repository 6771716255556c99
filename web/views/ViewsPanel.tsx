import { NativeSelect, SegmentedControl, Skeleton } from '@mantine/core'
import { memo, useMemo, useRef } from 'react'
import type { Finding } from '../../api/index.ts'
import type { ProfileSource } from '../paths.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useKeys } from '../ui/use-keys.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { ViewState } from '../view-state/view-state.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { TreeQuery } from '../view-worker/view-messages.ts'
import { FilterBar } from './FilterBar.tsx'
import { VIEWS } from './index.ts'
import { SearchField } from './SearchField.tsx'
import { useViewClient, useWorkerAnswer } from './use-view-client.ts'
import classes from './ViewsPanel.module.css'

interface ViewsPanelProps {
  readonly source: ProfileSource
  readonly state: ViewState
  readonly update: UpdateViewState
  /** The finding named in the address. */
  readonly marked: Finding | null
}

/** The chosen view of the profile, below the controls that all views share. */
export function ViewsPanel(props: ViewsPanelProps) {
  const texts = useTexts()
  const { client, error } = useViewClient(props.source)
  return (
    <section className={`card ${classes['panel']}`} aria-label={texts.views}>
      {client !== null && <OpenedPanel {...props} client={client} />}
      {client === null && error === null && <Skeleton height={420} radius="md" />}
      {error !== null && <RequestFailure title={texts.columnsFailed} error={error} />}
    </section>
  )
}

function OpenedPanel(props: ViewsPanelProps & { readonly client: ViewClient }) {
  const { client, state, update } = props
  const searchInput = useRef<HTMLInputElement>(null)
  const query = useMemo<TreeQuery>(
    () => ({ sampleType: state.sampleType, filters: state.filters }),
    [state.sampleType, state.filters],
  )
  const marked = useMemo(() => new Set(props.marked?.frames ?? []), [props.marked])
  const search = useSearch(client, query, state)
  const entry = VIEWS.find(({ name }) => name === state.view) ?? VIEWS[0]
  useKeys({
    '/': () => searchInput.current?.focus(),
    Escape: () => update(state.search === '' ? { zoom: '' } : { search: '' }),
    v: () => update({ direction: state.direction === 'icicle' ? 'flame' : 'icicle' }),
    ...Object.fromEntries(
      VIEWS.map(({ name }, row) => [String(row + 1), () => update({ view: name })]),
    ),
  })
  return (
    <>
      <div className={classes['toolbar']}>
        <ViewSwitch view={entry.name} update={update} />
        <SampleTypeSelect client={client} chosen={state.sampleType} update={update} />
        <SearchField
          inputRef={searchInput}
          search={state.search}
          isRegex={state.isRegex}
          update={update}
          found={search.found}
          error={search.error}
        />
        <FilterBar
          filters={state.filters}
          update={update}
          markedTitle={props.marked?.title ?? null}
        />
      </div>
      <entry.View
        client={client}
        query={query}
        state={state}
        update={update}
        found={search.found}
        marked={marked}
      />
    </>
  )
}

function useSearch(client: ViewClient, query: TreeQuery, state: ViewState) {
  const { search: text, isRegex } = state
  const isAsked = text !== ''
  const { data, error } = useWorkerAnswer(
    client,
    ['search', query, text, isRegex],
    () => client.search({ query, text, isRegex }),
    isAsked,
  )
  return { found: isAsked && error === null ? (data ?? null) : null, error: isAsked ? error : null }
}

interface ViewSwitchProps {
  readonly view: string
  readonly update: UpdateViewState
}

const ViewSwitch = memo(function ViewSwitch({ view, update }: ViewSwitchProps) {
  const { texts, language } = useLanguage()
  return (
    <SegmentedControl
      size="xs"
      value={view}
      aria-label={texts.views}
      data={VIEWS.map(({ name, title }) => ({ value: name, label: title[language] }))}
      onChange={(chosen) => update({ view: chosen })}
    />
  )
})

interface SampleTypeSelectProps {
  readonly client: ViewClient
  /** `''` for the profile's default. */
  readonly chosen: string
  readonly update: UpdateViewState
}

const SampleTypeSelect = memo(function SampleTypeSelect(props: SampleTypeSelectProps) {
  const texts = useTexts()
  const { client, chosen, update } = props
  const { sampleTypes, defaultSampleType } = client.profile
  if (sampleTypes.length < 2) return null
  return (
    <NativeSelect
      size="xs"
      className={classes['sampleType'] ?? ''}
      aria-label={texts.sampleType}
      value={chosen === '' ? defaultSampleType : chosen}
      data={sampleTypes.map(({ type }) => type)}
      onChange={(event) => {
        const next = event.currentTarget.value
        update({ sampleType: next === defaultSampleType ? '' : next })
      }}
    />
  )
})
