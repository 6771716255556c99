import { AppError } from '../../api/index.ts'
import type { ServerOptions } from '../../server/index.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { Closers } from './closers.ts'

/** What a process starts with; where that fails, what was opened is closed. Throws as `explainStartError` says. */
export async function startWith<Started>(
  { closers, server }: { readonly closers: Closers; readonly server: ServerOptions },
  start: () => Promise<Started>,
): Promise<Started> {
  try {
    return await start()
  } catch (error) {
    await closers.closeAll().catch(() => undefined)
    throw explainStartError(error, server)
  }
}

/** Why a start failed, in a sentence; other errors are returned unchanged. */
export function explainStartError(error: unknown, { host, port }: ServerOptions): unknown {
  if (error instanceof AppError) return new CommandError(error.message, 69)
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'EADDRINUSE') {
    return new CommandError(
      `port ${port} on ${host} is in use, perhaps by another kubeprof; choose one with --port or KUBEPROF_SERVER_PORT`,
      69,
    )
  }
  if (code === 'EACCES' && isListening(error))
    return new CommandError(`this user may not listen on port ${port}`, 69)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new CommandError(`this machine has no address ${host} to listen on`, 69)
  }
  return error
}

function isListening(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen'
}
