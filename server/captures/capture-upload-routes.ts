import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { Value } from 'typebox/value'
import {
  AppError,
  RequestCaptureBody,
  RequestCaptureReply,
  UploadCaptureQuery,
  UploadCaptureReply,
} from '../../api/index.ts'
import { type BundleEntry, type UploadSource, requestCaptures } from '../../collect/index.ts'
import { namesProcess } from '../../store/index.ts'
import { checkRole } from '../accounts/access.ts'
import { callerOf } from '../accounts/caller.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { formParts } from '../http/form-parts.ts'
import { checkedFields } from '../http/checked-fields.ts'
import type { Metrics } from '../http/metrics.ts'
import { captureLinksOf, presentCapture } from './present-capture.ts'
import { declaredLabelsOf } from '../http/labels-of.ts'
import { callerKey, uploadBytes, type UploadPace, uploadRateLimit } from '../http/upload-limits.ts'
import { UPLOAD_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const JSON_BYTES_MAX = 64 * 1024

interface UploadNeeds extends ServerNeeds {
  readonly metrics: Metrics
}

/** How bundles come. */
const BUNDLE_TYPES = [
  'application/gzip',
  'application/zstd',
  'application/x-tar',
  'multipart/form-data',
] as const

const ANSWERS = {
  200: {
    ...UploadCaptureReply,
    description: 'This content was already stored; the answer shows its capture.',
  },
  201: { ...UploadCaptureReply, description: 'Stored, durably and whole.' },
  202: { ...RequestCaptureReply, description: 'Captures were requested, which a collector takes.' },
} as const

/**
 * `POST /api/v1/captures`: a bundle to keep, or a capture to take now. In a separate scope, because
 * of its body parsers.
 */
export async function captureUploadRoutes(app: App, needs: UploadNeeds): Promise<void> {
  await app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers()
    await scope.register(multipart, {
      limits: {
        fileSize: Infinity,
        files: Infinity,
        fields: 100,
        fieldSize: 1000,
        parts: Infinity,
      },
    })
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'string', bodyLimit: JSON_BYTES_MAX },
      scope.getDefaultJsonParser('error', 'error'),
    )
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    scope.post(
      '/api/v1/captures',
      {
        config: {
          access: 'uploader',
          space: 'own',
          audit: 'none',
          takes: BUNDLE_TYPES,
          rateLimit: uploadRateLimit(needs.options),
          errors: [
            ...UPLOAD_ERRORS,
            'BUNDLE_INVALID',
            'TARGET_NOT_FOUND',
            'TARGET_NO_PROCESS',
            'COLLECTOR_ABSENT',
          ],
        },
        schema: {
          tags: ['captures'],
          summary: 'Upload a capture as a bundle, or request captures now',
          description:
            'A bundle is a tar, compressed by gzip or zstd or not, or a multipart form of the files: profiles (cpu.pb.gz, ' +
            'goroutine-debug2.txt.gz, ...), metrics.txt, metrics-before.txt, version.json, *.log, trace.out and ' +
            'capture.json. Form fields before the files may replace query parameters. A JSON body requests a capture of each ' +
            'process of a target, which needs the role operator.',
          consumes: [...BUNDLE_TYPES],
          querystring: UploadCaptureQuery,
          body: { content: { 'application/json': { schema: RequestCaptureBody } } },
          response: { ...ANSWERS },
        },
      },
      async (request, reply) => {
        if (isJson(request)) {
          checkRole(callerOf(request), 'operator')
          const body = checkedBody(request.body)
          const items = await requestCaptures(spaceOf(request, needs), body)
          const details = { ids: items.map(({ id }) => id) }
          request.auditNote = { action: 'capture.start', object: body.target, details }
          return reply.code(202).send({ items: items.map(presentCapture) })
        }
        const body = await receiveBundle(request, needs)
        void reply.header('location', body.links.self)
        return reply.code(body.duplicate === true ? 200 : 201).send(body)
      },
    )
  })
}

function isJson({ headers }: FastifyRequest): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '')
}

function checkedBody(body: unknown): RequestCaptureBody {
  if (Value.Check(RequestCaptureBody, body)) return body
  throw new AppError('REQUEST_INVALID')
}

async function receiveBundle(
  request: FastifyRequest<{ Querystring: UploadCaptureQuery }>,
  needs: UploadNeeds,
): Promise<UploadCaptureReply> {
  const { captureReceiver, options, metrics } = needs
  const contentLength = request.headers['content-length']
  const fields: Record<string, unknown> = { ...request.query }
  const caller = callerKey(request)
  const pace = { options, scarcity: () => captureReceiver.scarcity(caller) }
  const added = await captureReceiver
    .receive({
      entries: request.isMultipart()
        ? formEntries(request, fields, pace)
        : bodyEntries(request.body, pace),
      caller,
      source: () => ({
        ...sourceOf(checkedFields(UploadCaptureQuery, fields)),
        space: callerOf(request).space,
      }),
      declaredSizeBytes: contentLength === undefined ? null : Number(contentLength),
    })
    .catch((error: unknown) => {
      metrics.countUpload('refused', 0)
      throw error
    })
  const { capture, isDuplicate, skipped, ignored } = added
  const sizeBytes = capture.parts.reduce((sum, part) => sum + (part.sizeBytes ?? 0), 0)
  metrics.countUpload(isDuplicate ? 'duplicate' : 'stored', sizeBytes)
  return {
    capture: presentCapture(capture),
    links: captureLinksOf(capture.id, options.publicUrl),
    followed: namesProcess(capture),
    ...(isDuplicate ? { duplicate: true } : {}),
    ...(skipped.length > 0 ? { skipped: [...skipped] } : {}),
    ...(ignored.length > 0 ? { ignored: [...ignored] } : {}),
  }
}

/** Receives a body that is one tar. */
async function* bodyEntries(body: unknown, pace: UploadPace): AsyncGenerator<BundleEntry> {
  if (!(body instanceof Readable)) throw new AppError('BODY_MISSING')
  yield { name: 'bundle.tar.gz', body: uploadBytes(body, pace) }
}

/** The files of a form; collects its fields on the way. */
async function* formEntries(
  request: FastifyRequest,
  fields: Record<string, unknown>,
  pace: UploadPace,
): AsyncGenerator<BundleEntry> {
  let hasFile = false
  for await (const part of formParts(request)) {
    if (part.type === 'file') {
      hasFile = true
      yield { name: part.filename ?? '', body: uploadBytes(part.file, pace) }
      continue
    }
    if (hasFile) {
      throw new AppError('REQUEST_INVALID', { message: 'Form fields must come before the files.' })
    }
    fields[part.fieldname] = part.value
  }
}

function sourceOf(query: UploadCaptureQuery): UploadSource {
  return {
    origin: query.origin ?? 'upload',
    target: query.target || null,
    component: query.component || null,
    instance: query.instance || null,
    cluster: query.cluster || null,
    takenAtMs: query.time === undefined ? null : Date.parse(query.time),
    note: query.note || null,
    labels: declaredLabelsOf(query),
  }
}
