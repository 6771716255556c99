import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { type KeyboardEvent, memo, type RefObject } from 'react'
import { formatCount, formatShare } from '../../profile/index.ts'
import { ChevronIcon, CloseIcon, SearchIcon } from '../ui/icons.tsx'
import { useTexts } from '../texts/texts-context.ts'
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
  const { inputRef, search, isRegex, update, onType, error, walk } = props
  const texts = useTexts()
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') walk.step(event.shiftKey ? -1 : 1)
    if (event.key !== 'Escape') return
    update({ search: '' }, { replaces: true })
    event.currentTarget.blur()
  }
  return (
    <div className={classes['field']} role="search">
      <TextInput
        ref={inputRef}
        size="xs"
        className={classes['input'] ?? ''}
        placeholder={texts.searchPlaceholder}
        aria-label={texts.searchPlaceholder}
        aria-describedby="search-result"
        value={search}
        error={error !== null}
        leftSection={<SearchIcon size={14} />}
        rightSectionWidth={search === '' ? 32 : 60}
        rightSection={
          <span className={classes['buttons']}>
            {search !== '' && (
              <ActionIcon
                size={24}
                variant="subtle"
                color="gray"
                aria-label={texts.searchClear}
                onClick={() => update({ search: '' }, { replaces: true })}
              >
                <CloseIcon size={12} />
              </ActionIcon>
            )}
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
      <SearchResult {...props} />
    </div>
  )
})

/** One line of a fixed height, so that typing moves nothing below it. */
function SearchResult({ search, found, error, walk }: SearchFieldProps) {
  const texts = useTexts()
  return (
    <span id="search-result" className={`numbers ${classes['result']}`} role="status">
      {error !== null && (
        <span className={classes['error']} title={error.message}>
          {isInvalid(error) ? `${texts.searchInvalid}: ${error.message}` : texts.viewFailed}
        </span>
      )}
      {found !== null && found.funcCount === 0 && texts.searchNothing}
      {found !== null && found.funcCount > 0 && (
        <>
          <strong>{texts.searchShare(formatShare(found.share))}</strong>
          <span className="muted">
            {texts.funcCount(formatCount(found.funcCount), found.funcCount)}
          </span>
        </>
      )}
      {search !== '' && walk.count > 0 && (
        <span className={classes['walk']}>
          <StepButton label={texts.matchPrevious} isDown={false} onStep={() => walk.step(-1)} />
          <span className="muted">
            {texts.matchOf(
              walk.row === null ? '–' : formatCount(walk.row + 1),
              formatCount(walk.count),
            )}
          </span>
          <StepButton label={texts.matchNext} isDown onStep={() => walk.step(1)} />
        </span>
      )}
    </span>
  )
}

interface StepButtonProps {
  readonly label: string
  readonly isDown: boolean
  readonly onStep: () => void
}

function StepButton({ label, isDown, onStep }: StepButtonProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={24} variant="subtle" color="gray" aria-label={label} onClick={onStep}>
        <span className={isDown ? classes['next'] : classes['previous']}>
          <ChevronIcon size={13} isDown />
        </span>
      </ActionIcon>
    </Tooltip>
  )
}

function isInvalid(error: Error): boolean {
  return error instanceof ViewError && error.code === 'PATTERN_INVALID'
}
