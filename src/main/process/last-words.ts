import { finished } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'

/** As much of standard error is kept as tells why a process ended, in characters: V8 says so before a long trace. */
const kept = 65_536

/** How long the end of standard error is waited for once a process has ended, in ms. */
const patience = 200

/**
 * Follows a process's standard error.
 * @returns what says, once it has ended, best why: the line that names an error, else the last one; empty when it
 * said nothing
 */
export function lastWords(stderr: NodeJS.ReadableStream | null): () => Promise<string> {
  if (stderr === null) return () => Promise.resolve('')
  let text = ''
  stderr.setEncoding('utf8')
  stderr.on('data', (chunk: string) => {
    text = (text + chunk).slice(-kept)
  })
  const ended = finished(stderr).catch(() => undefined)
  return async () => {
    await Promise.race([ended, setTimeout(patience, null, { ref: false })])
    const lines = text.split('\n').map(line => line.trim())
    const error = lines.findLast(line =>
      /^((Uncaught )?\w*Error\b.*: |Over the limit: |FATAL ERROR: |# Fatal )./.test(line)
    )
    return error ?? lines.findLast(line => line !== '') ?? ''
  }
}
