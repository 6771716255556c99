import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { AppError, ERRORS, UploadManyReply, UploadQuery, UploadReply } from '../../api/index.ts'
import { emptyProfile, waitForAnalysis } from '../../collect/index.ts'
import {
  isFollowed,
  type ProfileSource,
  type SpaceStore,
  stateError,
  type StoredProfile,
} from '../../store/index.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { asAppError } from '../http/error-replies.ts'
import { formParts } from '../http/form-parts.ts'
import { checkedFields } from '../http/checked-fields.ts'
import type { Metrics } from '../http/metrics.ts'
import { linksOf, presentProfile } from './present-profile.ts'
import { declaredLabelsOf } from '../http/labels-of.ts'
import { callerKey, uploadBytes, uploadRateLimit } from '../http/upload-limits.ts'
import { UPLOAD_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { waitTimeMs } from './wait-time.ts'

interface UploadNeeds extends ServerNeeds {
  readonly metrics: Metrics
}

/** An incoming file and its declared facts. */
interface IncomingFile {
  readonly query: UploadQuery
  readonly fileName: string | null
  readonly stream: Readable
  readonly declaredSizeBytes: number | null
}

/**
 * `POST /api/v1/profiles`: a raw body, or a form with many files. In a separate scope without body
 * parsers.
 */
export async function uploadRoutes(app: App, needs: UploadNeeds): Promise<void> {
  await app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers()
    await scope.register(multipart, {
      limits: { fileSize: Infinity, files: 100, fields: 100, fieldSize: 1000, fieldNameSize: 120 },
    })
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    scope.post(
      '/api/v1/profiles',
      {
        config: {
          access: 'uploader',
          space: 'own',
          audit: 'none',
          takes: ['application/octet-stream', 'multipart/form-data'],
          rateLimit: uploadRateLimit(needs.options),
          errors: [...UPLOAD_ERRORS, 'PROFILE_QUARANTINED', 'BLOB_MISSING', 'BLOB_CORRUPT'],
        },
        schema: {
          tags: ['profiles'],
          summary: 'Upload profiles',
          description:
            'The body is the profile itself (gzip or plain profile.proto), or a multipart form with any number of ' +
            'files. Form fields before the files may replace query parameters.',
          consumes: ['application/octet-stream', 'multipart/form-data'],
          querystring: UploadQuery,
          response: {
            200: Type.Union([UploadReply, UploadManyReply], {
              description: 'All of this content was already stored; the answer shows it.',
            }),
            201: Type.Union([UploadReply, UploadManyReply], {
              description: 'Stored, durably; the answer shows each file.',
            }),
          },
        },
      },
      async (request, reply) => {
        const { status, body } = request.isMultipart()
          ? await receiveForm(request, needs, request.query)
          : await receiveBody(request, needs, request.query)
        if ('links' in body) void reply.header('location', body.links.self)
        return reply.code(status).send(body)
      },
    )
  })
}

interface Answer {
  readonly status: 200 | 201
  readonly body: UploadReply | UploadManyReply
}

async function receiveBody(
  request: FastifyRequest,
  needs: UploadNeeds,
  query: UploadQuery,
): Promise<Answer> {
  if (!(request.body instanceof Readable)) throw emptyProfile()
  const contentLength = request.headers['content-length']
  const body = await receiveFile(request, needs, {
    query,
    fileName: query.name ?? null,
    stream: request.body,
    declaredSizeBytes: contentLength === undefined ? null : Number(contentLength),
  })
  return { status: body.duplicate === true ? 200 : 201, body }
}

/** Stores the files one after the other. One refused file does not undo the others. */
async function receiveForm(
  request: FastifyRequest,
  needs: UploadNeeds,
  query: UploadQuery,
): Promise<Answer> {
  const form: Form = { fields: { ...query }, items: [], refusals: [] }
  try {
    await receiveParts(request, needs, form)
  } catch (error) {
    throw withStored(error, form.items)
  }
  return answerToForm(form.items, form.refusals)
}

/** What has been read of a form. */
interface Form {
  readonly fields: Record<string, unknown>
  readonly items: UploadManyReply['items']
  readonly refusals: AppError[]
}

async function receiveParts(
  request: FastifyRequest,
  needs: UploadNeeds,
  { fields, items, refusals }: Form,
): Promise<void> {
  for await (const part of formParts(request)) {
    if (part.type === 'field') {
      if (items.length > 0) {
        throw new AppError('REQUEST_INVALID', {
          message: 'Form fields must come before the files.',
        })
      }
      fields[part.fieldname] = part.value
      continue
    }
    const fileName = part.filename === '' ? null : (part.filename ?? null)
    try {
      const answer = await receiveFile(request, needs, {
        query: checkedFields(UploadQuery, fields),
        fileName,
        stream: part.file,
        declaredSizeBytes: null,
      })
      items.push({ fileName, ...answer })
    } catch (error) {
      if (!(error instanceof AppError) || endsForm(error)) throw error
      part.file.resume()
      refusals.push(error)
      items.push({ fileName, error: refusalOf(error) })
    }
  }
}

/** The error that ended a form, with the files that are stored nevertheless. */
function withStored(error: unknown, items: UploadManyReply['items']): unknown {
  const known = asAppError(error)
  const storedCount = items.filter((item) => item.error === undefined).length
  if (known === null || storedCount === 0) return error
  const files = storedCount === 1 ? 'One file before it is' : `${storedCount} files before it are`
  return new AppError(known.code, {
    message: `${known.message} ${files} stored; send the others again.`,
    details: { ...known.details, storedCount, items },
    ...(known.retryAfterSeconds === null ? {} : { retryAfterSeconds: known.retryAfterSeconds }),
    cause: error,
  })
}

function answerToForm(items: UploadManyReply['items'], refusals: readonly AppError[]): Answer {
  const [item] = items
  const [refusal] = refusals
  if (item === undefined) throw new AppError('BODY_MISSING', { message: 'The form holds no file.' })
  if (refusal !== undefined && refusals.length === items.length) {
    if (items.length === 1) throw refusal
    throw new AppError(refusal.code, {
      message: 'None of the files was accepted.',
      details: { items },
    })
  }
  const isNew = items.some((one) => one.error === undefined && one.duplicate !== true)
  const { profile, links, followed } = item
  if (items.length > 1 || profile === undefined || links === undefined || followed === undefined) {
    return { status: isNew ? 201 : 200, body: { items } }
  }
  return { status: isNew ? 201 : 200, body: { ...item, profile, links, followed } }
}

/** After these errors no further file can be read or accepted. */
function endsForm({ code }: AppError): boolean {
  const { status } = ERRORS[code]
  return status === 408 || status === 413 || status >= 500
}

function refusalOf({ code, message, details }: AppError) {
  return { code, message, ...(details === null ? {} : { details }) }
}

async function receiveFile(
  request: FastifyRequest,
  needs: UploadNeeds,
  { query, fileName, stream, declaredSizeBytes }: IncomingFile,
): Promise<UploadReply> {
  const { receiver, options, metrics } = needs
  const own = spaceOf(request, needs)
  const caller = callerKey(request)
  const body = uploadBytes(stream, { options, scarcity: () => receiver.scarcity(caller) })
  const source = sourceOf(query, fileName)
  const added = await receiver
    .receive({
      source: { ...source, space: own.space },
      caller,
      body,
      declaredSizeBytes,
    })
    .catch((error: unknown) => {
      metrics.countUpload('refused', 0)
      throw error
    })
  const { profile, isDuplicate } = added
  metrics.countUpload(isDuplicate ? 'duplicate' : 'stored', profile.sizeBytes)
  const waitMs = waitTimeMs(query.wait, request.headers.prefer, options.waitMsMax)
  const seen = waitMs === 0 ? profile : await waitFor(own, profile, waitMs)
  const report =
    seen.status === 'ready' && waitMs > 0 ? await own.profiles.findReport(seen.id, 'en') : null
  return {
    profile: presentProfile(seen),
    links: linksOf(seen.id, options.publicUrl),
    followed: isFollowed(source),
    ...(isDuplicate ? { duplicate: true } : {}),
    ...(report === null ? {} : { report }),
  }
}

/**
 * The profile after the wait. When its analysis failed, the response is that error and the row
 * stays.
 */
async function waitFor(
  { profiles }: SpaceStore,
  profile: StoredProfile,
  timeoutMs: number,
): Promise<StoredProfile> {
  const seen = await waitForAnalysis(profiles, profile.id, { timeoutMs })
  if (seen?.status === 'failed' || seen?.status === 'quarantined') {
    throw stateError(seen)
  }
  return seen ?? profile
}

function sourceOf(query: UploadQuery, fileName: string | null): ProfileSource {
  return {
    target: query.target || null,
    component: query.component || null,
    instance: query.instance || null,
    cluster: query.cluster || null,
    type: query.type ?? null,
    takenAtMs: query.time === undefined ? null : Date.parse(query.time),
    fileName: fileName?.slice(0, 255) ?? null,
    labels: declaredLabelsOf(query),
  }
}
