import { ActionIcon } from '@mantine/core'
import { CloseIcon } from '../ui/icons.tsx'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage, ServerText } from '../untrusted/ServerMessage.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './UploadList.module.css'
import type { Upload } from './send-files.ts'
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
              <UntrustedText text={titleOf(upload, texts)} />
            </strong>
            {upload.note !== null && (
              <p>
                <ServerText text={upload.note} />
              </p>
            )}
            {upload.failure !== null && (
              <p>
                <ServerMessage error={upload.failure} />
              </p>
            )}
            {!isOver(upload) && (
              <progress className={classes['bar']} value={upload.sentShare} max={1} />
            )}
          </div>
          {isOver(upload) && (
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

/** Whether it stays only until the reader has seen it. */
function isOver({ failure, note }: Upload): boolean {
  return failure !== null || note !== null
}

function titleOf({ name, failure, note }: Upload, texts: Texts): string {
  if (failure !== null) return texts.uploadFailed(name)
  return note === null ? texts.uploading(name) : name
}
