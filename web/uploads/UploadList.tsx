import { ActionIcon } from '@mantine/core'
import { CloseIcon } from '../ui/icons.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage } from '../untrusted/ServerMessage.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './UploadList.module.css'
import type { Uploads } from './use-uploads.ts'

export function UploadList(props: { readonly uploads: Uploads }) {
  const texts = useTexts()
  const { items, dismiss } = props.uploads
  return (
    <ul className={classes['list']} aria-live="polite">
      {items.map((upload) => (
        <li key={upload.id} className={classes['item']} data-failed={upload.failure !== null}>
          <div className={classes['text']}>
            <strong>
              <UntrustedText
                text={
                  upload.failure === null
                    ? texts.uploading(upload.name)
                    : texts.uploadFailed(upload.name)
                }
              />
            </strong>
            {upload.failure === null ? (
              <progress className={classes['bar']} value={upload.sentShare} max={1} />
            ) : (
              <p>
                <ServerMessage error={upload.failure} />
              </p>
            )}
          </div>
          {upload.failure !== null && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={texts.dismiss}
              onClick={() => dismiss(upload.id)}
            >
              <CloseIcon size={14} />
            </ActionIcon>
          )}
        </li>
      ))}
    </ul>
  )
}
