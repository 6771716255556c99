import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { memo, type RefObject } from 'react'
import { formatCount, formatShare } from '../../profile/index.ts'
import { CloseIcon, SearchIcon } from '../ui/icons.tsx'
import { useTexts } from '../texts/texts-context.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { SearchAnswer } from '../view-worker/view-messages.ts'
import classes from './SearchField.module.css'

interface SearchFieldProps {
  readonly inputRef: RefObject<HTMLInputElement | null>
  readonly search: string
  readonly isRegex: boolean
  readonly update: UpdateViewState
  readonly found: SearchAnswer | null
  readonly error: Error | null
}

/** Finds functions and shows their share of the total. It changes no number and no zoom. */
export const SearchField = memo(function SearchField(props: SearchFieldProps) {
  const { inputRef, search, isRegex, update, found, error } = props
  const texts = useTexts()
  return (
    <div className={classes['field']}>
      <TextInput
        ref={inputRef}
        size="xs"
        className={classes['input'] ?? ''}
        placeholder={texts.searchPlaceholder}
        aria-label={texts.searchPlaceholder}
        value={search}
        error={error !== null}
        leftSection={<SearchIcon size={14} />}
        rightSectionWidth={56}
        rightSection={
          <span className={classes['buttons']}>
            {search !== '' && (
              <ActionIcon
                size="sm"
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
                size="sm"
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
        onChange={(event) => update({ search: event.currentTarget.value }, { replaces: true })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          update({ search: '' }, { replaces: true })
          event.currentTarget.blur()
        }}
      />
      <span className={`numbers ${classes['result']}`} role="status">
        {error !== null && (
          <span className={classes['error']} title={error.message}>
            {texts.searchInvalid}: {error.message}
          </span>
        )}
        {found !== null && found.funcCount === 0 && texts.searchNothing}
        {found !== null && found.funcCount > 0 && (
          <>
            <strong>{texts.searchShare(formatShare(found.share))}</strong>{' '}
            <span className="muted">
              {texts.funcCount(formatCount(found.funcCount), found.funcCount)}
            </span>
          </>
        )}
      </span>
    </div>
  )
})
