import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { uploadCapture } from '../requests/upload-capture.ts'
import { uploadProfile } from '../requests/upload-profile.ts'
import { useTexts } from '../texts/texts-context.ts'
import { type NamedBlob, sendFiles, type Upload } from './send-files.ts'

export interface Uploads {
  readonly items: readonly Upload[]
  /**
   * Sends the files one after the other. Opens the first stored one when `opensFirst` is set or it
   * is the only one.
   */
  readonly send: (files: readonly NamedBlob[], opensFirst?: boolean) => Promise<void>
  /** Sends a bundle, or the files of one process, as one capture and opens it. */
  readonly sendCapture: (files: readonly File[]) => Promise<void>
  readonly dismiss: (id: number) => void
}

export function useUploads(): Uploads {
  const [items, change] = useState<readonly Upload[]>([])
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const texts = useTexts()

  const dismiss = useCallback((id: number) => {
    change((all) => all.filter((item) => item.id !== id))
  }, [])

  const send = useCallback(
    async (files: readonly NamedBlob[], opensFirst = files.length === 1) => {
      const first = await sendFiles(files, { change, upload })
      void queryClient.invalidateQueries({ queryKey: ['profiles'] })
      if (first !== null && opensFirst) {
        await navigate({ to: '/profiles/$id', params: { id: first.profile.id } })
      }
    },
    [navigate, queryClient],
  )

  const sendCapture = useCallback(
    async (files: readonly File[]) => {
      const name = files.map((file) => file.name).join(', ')
      const whole: NamedBlob = { name, blob: new Blob(), type: null }
      const reply = await sendFiles([whole], {
        change,
        upload: (_, onProgress) => uploadCapture(files, onProgress),
        noteOf: ({ skipped = [], ignored = [] }) => {
          const notes = [
            skipped.length === 0
              ? null
              : texts.uploadSkipped(skipped.map((entry) => entry.name).join(', ')),
            ignored.length === 0
              ? null
              : texts.uploadIgnored(
                  ignored.map((field) => `${field.name} (${field.what})`).join(', '),
                ),
          ].filter((note) => note !== null)
          return notes.length === 0 ? null : notes.join('\n')
        },
      })
      void queryClient.invalidateQueries({ queryKey: ['captures'] })
      if (reply !== null) {
        await navigate({ to: '/captures/$id', params: { id: reply.capture.id } })
      }
    },
    [navigate, queryClient, texts],
  )

  return useMemo(() => ({ items, send, sendCapture, dismiss }), [items, send, sendCapture, dismiss])
}

function upload({ blob, name, type = null }: NamedBlob, onProgress: (share: number) => void) {
  return uploadProfile(blob, name, { type, onProgress })
}
