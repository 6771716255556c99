import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { type KeyboardEvent, memo, type RefObject } from 'react'
import { formatCount, formatShare } from '../../profile/index.ts'
import { ChevronIcon, CloseIcon, SearchIcon } from '../ui/icons.tsx'
import { serverText } from '../texts/server-message.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import { ViewError } from '../view-worker/view-client.ts'
import type { SearchAnswer } from '../view-worker/view-messages.ts'
import type { MatchWalk } from './use-match-walk.ts'
import classes from './SearchField.module.css'

interface SearchFieldProps {
  readonly inputRef: RefObject<HTMLInputElement | null>
  readonly search: string
  readonly isRegex: boolean
  readonly update: UpdateViewState
  /** Called with what is typed, before the page shows it. */
  readonly onType: (text: string) => void
  readonly found: SearchAnswer | null
  readonly error: Error | null
  readonly walk: MatchWalk
}

/** Finds functions and shows their share of the total. It changes no number and no zoom. */
export const SearchField = memo(function SearchField(props: SearchFieldProps) {
  const { search, isRegex, error, walk } = props
  return (
    <div className={classes['field']} role="search" data-empty={search === ''}>
      <SearchInput
        inputRef={props.inputRef}
        search={search}
        isRegex={isRegex}
        update={props.update}
        onType={props.onType}
        hasError={error !== null}
        onStep={walk.step}
      />
      <SearchResult search={search} found={props.found} error={error} walk={walk} />
    </div>
  )
})

interface SearchInputProps extends Pick<
  SearchFieldProps,
  'inputRef' | 'search' | 'isRegex' | 'update' | 'onType'
> {
  readonly hasError: boolean
  readonly onStep: MatchWalk['step']
}

/** What is found changes nothing in it. */
const SearchInput = memo(function SearchInput(props: SearchInputProps) {
  const { inputRef, search, isRegex, update, onType, hasError, onStep } = props
  const texts = useTexts()
  // The button is hidden with the text: the keyboard goes on in the field.
  const clear = () => {
    update({ search: '' }, { replaces: true })
    inputRef.current?.focus()
  }
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1, event.currentTarget.value)
    if (event.key !== 'Escape') return
    update({ search: '' }, { replaces: true })
    event.currentTarget.blur()
  }
  return (
    <TextInput
      ref={inputRef}
      size="xs"
      className={classes['input'] ?? ''}
      placeholder={texts.searchPlaceholder}
      aria-label={texts.searchPlaceholder}
      aria-describedby="search-result"
      value={search}
      error={hasError}
      leftSection={<SearchIcon size={14} />}
      rightSectionWidth={60}
      rightSection={
        <span className={classes['buttons']}>
          {/* Adding it with the first letter would take a part of the time of its frame. */}
          <ActionIcon
            size={24}
            variant="subtle"
            color="gray"
            hidden={search === ''}
            aria-label={texts.searchClear}
            onClick={clear}
          >
            <CloseIcon size={12} />
          </ActionIcon>
          <Tooltip label={texts.searchRegex}>
            <ActionIcon
              size={24}
              variant={isRegex ? 'light' : 'subtle'}
              color={isRegex ? 'blue' : 'gray'}
              aria-label={texts.searchRegex}
              aria-pressed={isRegex}
              onClick={() => update({ isRegex: !isRegex }, { replaces: true })}
            >
              <span className={classes['regex']}>.*</span>
            </ActionIcon>
          </Tooltip>
        </span>
      }
      onChange={({ currentTarget: { value } }) => {
        onType(value)
        update({ search: value }, { replaces: true })
      }}
      onKeyDown={press}
    />
  )
})

/** One line of a fixed height, so that typing moves nothing below it. */
function SearchResult({
  search,
  found,
  error,
  walk,
}: Pick<SearchFieldProps, 'search' | 'found' | 'error' | 'walk'>) {
  const { texts, language } = useLanguage()
  const reason = error === null ? '' : serverText(error.message, language)
  const hasWalk = search !== '' && walk.count > 0
  return (
    <span id="search-result" className={`numbers ${classes['result']}`} role="status">
      {error !== null && (
        <span className={classes['error']} title={reason}>
          {isInvalid(error) ? texts.searchInvalid(reason) : texts.viewFailed}
        </span>
      )}
      {found !== null && found.funcCount === 0 && texts.searchNothing}
      {found !== null && found.funcCount > 0 && (
        <>
          <strong>{texts.searchShare(formatShare(found.share))}</strong>
          <span className={`muted ${classes['count']}`}>
            {texts.funcCount(formatCount(found.funcCount), found.funcCount)}
          </span>
        </>
      )}
      {/* The buttons stand there before a search, whose first answer is then drawn in half of the time. */}
      <span className={classes['walk']} hidden={!hasWalk}>
        <StepButton label={texts.matchPrevious} by={-1} onStep={walk.step} />
        <span className="muted">
          {hasWalk &&
            texts.matchOf(
              walk.row === null ? '–' : formatCount(walk.row + 1),
              formatCount(walk.count),
            )}
        </span>
        <StepButton label={texts.matchNext} by={1} onStep={walk.step} />
      </span>
    </span>
  )
}

interface StepButtonProps {
  readonly label: string
  readonly by: 1 | -1
  readonly onStep: MatchWalk['step']
}

const StepButton = memo(function StepButton({ label, by, onStep }: StepButtonProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={24}
        variant="subtle"
        color="gray"
        aria-label={label}
        onClick={() => onStep(by)}
      >
        <span className={by === 1 ? classes['next'] : classes['previous']}>
          <ChevronIcon size={13} isDown />
        </span>
      </ActionIcon>
    </Tooltip>
  )
})

function isInvalid(error: Error): boolean {
  return error instanceof ViewError && error.code === 'PATTERN_INVALID'
}
