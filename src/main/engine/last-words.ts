import type { Readable } from 'node:stream'

/** As much of standard error is kept as tells why a process ended. */
const kept = 4096

/**
 * Follows a process's standard error.
 * @returns what says best why it ended: the line that names an error, else the last one; empty when it said nothing
 */
export function lastWords(stderr: Readable | null): () => string {
  let text = ''
  stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-kept)
  })
  return () => {
    const lines = text.split('\n').map(line => line.trim())
    const error = lines.findLast(line => /^(Uncaught )?\w*Error\b.*: ./.test(line))
    return error ?? lines.findLast(line => line !== '') ?? ''
  }
}
