import { Button, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { TARGET_KINDS, type TargetKind } from '../../api/targets/target-kinds.ts'
import { createTarget, TARGETS_KEY } from '../requests/target-queries.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import classes from './AddTargetDialog.module.css'

/** The dialog to add a target by its address. */
export function AddTargetDialog(props: { readonly onClose: () => void }) {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const [kind, setKind] = useState<TargetKind>('go')
  const creation = useMutation({
    mutationFn: () => createTarget({ name: name.trim(), url: url.trim(), kind }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: TARGETS_KEY })
      props.onClose()
    },
  })
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={texts.targetAdd}
      closeButtonProps={{ 'aria-label': texts.close }}
      transitionProps={{ duration: 0 }}
    >
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault()
          creation.mutate()
        }}
      >
        <p className="muted">{texts.targetAddLead}</p>
        <TextInput
          required
          label={texts.targetUrl}
          description={texts.targetUrlHint}
          placeholder="http://10.0.0.1:6060"
          pattern="https?://.+"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <TextInput
          required
          label={texts.targetName}
          description={texts.targetNameHint}
          pattern="[a-z0-9]([\-a-z0-9]{0,61}[a-z0-9])?"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={texts.targetKind}
          data={[...TARGET_KINDS]}
          value={kind}
          onChange={(event) => {
            const chosen = TARGET_KINDS.find((one) => one === event.currentTarget.value)
            if (chosen !== undefined) setKind(chosen)
          }}
        />
        {creation.error !== null && (
          <RequestFailure title={texts.actionFailed} error={creation.error} />
        )}
        <Button type="submit" loading={creation.isPending}>
          {texts.targetSave}
        </Button>
      </form>
    </Modal>
  )
}
