import type { CommandIo } from '../terminal/command-io.ts'
import { readServer } from './read-server.ts'
import { readToken } from './read-token.ts'
import { packFolder, sendBundle } from './send-bundle.ts'

/** The server that captures are pushed to. It holds a secret. */
export interface PushTarget {
  readonly server: URL
  readonly token: string | null
}

type Texts = Readonly<Record<string, string>>

/** From `--push` and `--push-token-file` or `$KUBEPROF_TOKEN`; null without `--push`. Throws a CommandError. */
export async function readPushTarget(text: Texts, io: CommandIo): Promise<PushTarget | null> {
  const { push } = text
  if (push === undefined) return null
  const server = readServer('--push', push)
  const file = text['push-token-file']
  const token = await readToken({ flag: '--push-token-file', file }, io)
  return { server, token }
}

/** Uploads the folder of a capture as one bundle, and prints its address. False when it was refused. */
export async function pushCapture(
  folder: string,
  { server, token }: PushTarget,
  io: CommandIo,
): Promise<boolean> {
  const body = await packFolder(folder)
  if (body === null) {
    io.writeError(`${folder}: the folder holds no files\n`)
    return false
  }
  const reply = await sendBundle({ server, token, fields: {}, body })
  if ('refusal' in reply) io.writeError(`${folder}: ${reply.refusal}\n`)
  else io.writeError(`pushed: ${reply.web.href}\n`)
  return 'web' in reply
}
