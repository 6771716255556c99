/** Sends requests to the parent process, which answers each under its id. `isAnswer` finds the answers among messages. */
export function askParent<Answer extends { readonly id: number }>(
  isAnswer: (message: unknown) => message is Answer,
): (requestOf: (id: number) => object) => Promise<Answer> {
  const waiting = new Map<number, (answer: Answer) => void>()
  let askedCount = 0
  process.on('message', (message: unknown) => {
    if (!isAnswer(message)) return
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })
  return (requestOf) => {
    const id = askedCount++
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve))
    process.send?.(requestOf(id))
    return answered
  }
}
