import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createToken, TOKENS_KEY } from '../requests/account-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import classes from './SettingsPage.module.css'

const ROLES = ['viewer', 'uploader', 'operator', 'admin', 'trigger'] as const
const DAYS = ['30', '90', '365'] as const
const FOREVER = ''

interface NewTokenFormProps {
  /** The first token is of an admin, who can make the others. */
  readonly isFirst: boolean
}

export function NewTokenForm({ isFirst }: NewTokenFormProps) {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<(typeof ROLES)[number]>('viewer')
  const [days, setDays] = useState<string>('90')
  const creation = useMutation({
    mutationFn: () =>
      createToken({
        name: name.trim(),
        role: isFirst ? 'admin' : role,
        expiresInDays: days === FOREVER ? null : Number(days),
      }),
    onSuccess: () => {
      setName('')
      // The first token closes the server to this page, which keeps showing the token.
      return isFirst ? undefined : queryClient.invalidateQueries({ queryKey: TOKENS_KEY })
    },
  })
  return (
    <>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault()
          creation.mutate()
        }}
      >
        <TextInput
          label={texts.tokenName}
          placeholder={texts.tokenNameHint}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={texts.tokenRole}
          value={isFirst ? 'admin' : role}
          disabled={isFirst}
          data={[...ROLES]}
          onChange={({ currentTarget }) =>
            setRole(ROLES.find((one) => one === currentTarget.value) ?? 'viewer')
          }
        />
        <NativeSelect
          label={texts.tokenDays}
          value={days}
          data={[
            ...DAYS.map((count) => ({ value: count, label: texts.shareDays(Number(count)) })),
            { value: FOREVER, label: texts.tokenForever },
          ]}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <Button type="submit" loading={creation.isPending} disabled={name.trim() === ''}>
          {texts.tokenMake}
        </Button>
      </form>
      {creation.error !== null && (
        <RequestFailure title={texts.tokenMakeFailed} error={creation.error} />
      )}
      {creation.data !== undefined && (
        <TextInput
          readOnly
          className={classes['token'] ?? ''}
          label={texts.tokenOnce}
          value={creation.data.token}
          data-new-token=""
          onFocus={(event) => event.currentTarget.select()}
          rightSection={<CopyButton text={creation.data.token} />}
        />
      )}
    </>
  )
}
