/** A thread that stops when it is asked for a hook of that name, and has every other. */
import { parentPort } from 'node:worker_threads'

interface Asked {
  readonly id: number
  readonly call: string
  readonly argument: { readonly hooks?: readonly string[] } | null
}

parentPort!.on('message', ({ id, call, argument }: Asked) => {
  if (argument?.hooks?.includes('stop')) process.exit(3)
  const results: Record<string, unknown> = { missing: [], put: { bytes: 0, refusal: null } }
  parentPort!.postMessage({ id, result: results[call] ?? null })
})
