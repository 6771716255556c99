import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { createTarPacker } from 'modern-tar'
import { Type } from 'typebox'
import { AppError } from '../../api/index.ts'
import type { StoredCaptureFile } from '../../store/index.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { CaptureParams, findCapture } from './find-capture.ts'
import { presentCapture } from './present-capture.ts'
import { setDownloadHeaders } from '../http/security-headers.ts'
import { NOT_MODIFIED, openBlob, sendBlob } from '../http/send-blob.ts'
import { BLOB_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const FileParams = Type.Object({
  id: CaptureParams.properties.id,
  name: Type.String({ minLength: 1, maxLength: 255 }),
})
const tags = ['captures']
const config = { access: 'viewer', space: 'own' } as const

/** The files of a capture, one at a time or as one bundle. */
export function captureFileRoutes(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/captures/:id/files/:name',
    {
      config: {
        ...config,
        sends: ['application/octet-stream'],
        errors: ['CAPTURE_NOT_FOUND', 'FILE_NOT_FOUND', ...BLOB_ERRORS],
      },
      // Without it gzip bytes would be sent as a content encoding, and clients would unpack them.
      compress: false,
      schema: {
        tags,
        summary: 'One file of a capture, as it was taken',
        params: FileParams,
        response: NOT_MODIFIED,
      },
    },
    async (request, reply) => {
      const { id, name } = request.params
      await findCapture(spaceOf(request, needs), id)
      const file = (await spaceOf(request, needs).captures.listFiles(id)).find(
        (one) => one.name === name,
      )
      if (file === undefined) throw new AppError('FILE_NOT_FOUND')
      setDownloadHeaders(reply, downloadName(file.name))
      return sendBlob(request, reply, needs, {
        key: file.blobKey,
        sizeBytes: file.sizeBytes,
        cacheControl: 'private, no-store',
      })
    },
  )
  app.get(
    '/api/v1/captures/:id/bundle',
    {
      config: { ...config, sends: ['application/gzip'], errors: ['CAPTURE_NOT_FOUND'] },
      compress: false,
      schema: {
        tags,
        summary: 'All files of a capture as a tar.gz, which can be uploaded and diagnosed again',
        params: CaptureParams,
      },
    },
    async (request, reply) => {
      const capture = await findCapture(spaceOf(request, needs), request.params.id)
      const files = await spaceOf(request, needs).captures.listFiles(capture.id)
      const description = `${JSON.stringify(presentCapture(capture), null, 1)}\n`
      const bundle = packFiles(needs, { files, description, modifiedAtMs: capture.createdAtMs })
      setDownloadHeaders(reply, `capture-${capture.id}.tar.gz`)
      void reply.header('cache-control', 'private, no-store').type('application/gzip')
      return reply.send(bundle.compose(createGzip()))
    },
  )
}

interface BundleContents {
  readonly files: readonly StoredCaptureFile[]
  /** Becomes `capture.json`. */
  readonly description: string
  readonly modifiedAtMs: number
}

/** A tar of the files, streamed: no file is in memory as a whole. */
function packFiles(needs: ServerNeeds, contents: BundleContents): Readable {
  const { readable, controller } = createTarPacker()
  const mtime = new Date(contents.modifiedAtMs)
  const pack = async () => {
    const description = Buffer.from(contents.description)
    const header = { name: 'capture.json', size: description.length, mtime }
    await write(controller.add(header), [description])
    for (const { name, blobKey, sizeBytes } of contents.files) {
      const bytes = await openBlob(needs, blobKey, sizeBytes)
      await write(controller.add({ name, size: sizeBytes, mtime }), bytes)
    }
    controller.finalize()
  }
  // The reader of the tar gets the error; a closed connection is not a failure.
  pack().catch((error: unknown) => controller.error(error))
  return Readable.from(readable)
}

async function write(
  entry: WritableStream<Uint8Array>,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const writer = entry.getWriter()
  for await (const chunk of bytes) await writer.write(chunk)
  await writer.close()
}

/** File names are untrusted: only plain characters get into a header. */
function downloadName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '_')
}
