import { Textarea, TextInput } from '@mantine/core'
import type { FocusEvent } from 'react'
import type { CreateLinkReply } from '../../api/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import classes from './ShareDialog.module.css'

/** The address of a link that was just made, and how a page of another site shows it. */
export function NewLink({ url, embed }: Pick<CreateLinkReply, 'url' | 'embed'>) {
  const texts = useTexts()
  return (
    <>
      <div>
        <TextInput
          readOnly
          value={url}
          aria-label={texts.shareTitle}
          data-link-url=""
          onFocus={selectAll}
          rightSection={<CopyButton text={url} />}
        />
        <p className={classes['hint']}>{texts.shareOnce}</p>
      </div>
      <section>
        <h3 className={classes['label']}>{texts.shareEmbed}</h3>
        {embed === null ? (
          <p className={classes['hint']}>
            {texts.shareEmbedNone} <code>server.embedOrigins</code>
          </p>
        ) : (
          <EmbedFields {...embed} />
        )}
      </section>
    </>
  )
}

function EmbedFields({ url, origins }: NonNullable<CreateLinkReply['embed']>) {
  const texts = useTexts()
  const html = `<iframe src="${url}" title="kubeprof" width="100%" height="640"></iframe>`
  return (
    <div className={classes['embed']}>
      <TextInput
        readOnly
        value={url}
        aria-label={texts.shareEmbedAddress}
        onFocus={selectAll}
        rightSection={<CopyButton text={url} />}
      />
      <Textarea
        readOnly
        autosize
        value={html}
        aria-label={texts.shareEmbedHtml}
        classNames={{ input: 'mono' }}
        onFocus={selectAll}
        rightSection={<CopyButton text={html} />}
      />
      <p className={classes['hint']}>{texts.shareEmbedOrigins(origins.join(', '))}</p>
    </div>
  )
}

function selectAll(event: FocusEvent<HTMLInputElement | HTMLTextAreaElement>): void {
  event.currentTarget.select()
}
