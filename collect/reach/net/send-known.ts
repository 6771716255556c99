import type { Credentials, CredentialSource } from './credentials.ts'
import type { HttpAnswer, HttpClient, HttpRequest } from './http-client.ts'

/** Sends a request with credentials. If they are refused, reads them again and, if they changed, sends it once more. */
export async function sendKnown(
  client: HttpClient,
  credentials: CredentialSource,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const shown = await credentials.read()
  const answer = await client.send(withHeaders(request, shown))
  if (answer.status !== 401) return answer
  const renewed = await credentials.read(true)
  if (isSameCredentials(shown, renewed)) return answer
  await discard(answer.body)
  // A client certificate belongs to a connection.
  client.reset()
  return await client.send(withHeaders(request, renewed))
}

function withHeaders(request: HttpRequest, { headers }: Credentials): HttpRequest {
  return { ...request, headers: { ...request.headers, ...headers } }
}

/** Whether both are the same credentials. */
export function isSameCredentials(a: Credentials, b: Credentials): boolean {
  return a.cert === b.cert && a.key === b.key && isEqual(a.headers, b.headers)
}

function isEqual(a: Credentials['headers'], b: Credentials['headers']): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of body) break
}
