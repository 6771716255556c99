import type { CommandIo } from '../terminal/command-io.ts'

/** All of standard input. */
export async function readStdin(io: CommandIo): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of io.stdin()) chunks.push(chunk)
  return Buffer.concat(chunks)
}
