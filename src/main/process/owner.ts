import { startWatch, type WatchOptions } from './watch.ts'

/** A port of Electron's, as its utility processes have them. */
interface ElectronPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  postMessage(message: unknown): void
  start(): void
}

/** What a utility process has towards Electron's main process. */
interface ParentPort {
  once(
    event: 'message',
    listener: (event: { readonly ports: readonly ElectronPort[] }) => void
  ): void
}

/**
 * Connects this process to the one that owns it, and ends it with that one. In Electron the first message brings a
 * port to the owner; elsewhere the owner is the parent.
 * @returns what answers the owner
 */
export function connectOwner(
  receive: (message: unknown) => void,
  options: Pick<WatchOptions, 'folder' | 'limits'>
): (reply: unknown) => void {
  // Ctrl+C reaches every process of a terminal: the owner says when this one ends.
  process.on('SIGINT', () => undefined)
  const { parentPort } = process as unknown as { parentPort?: ParentPort }
  startWatch({ ...options, endsWithInput: parentPort === undefined })
  if (parentPort === undefined) {
    process.on('message', receive)
    return reply => process.send?.(reply)
  }
  let port: ElectronPort | undefined
  parentPort.once('message', ({ ports: [first] }) => {
    port = first
    port?.on('message', ({ data }) => receive(data))
    // Main kills it as well, also while it computes.
    port?.on('close', () => process.exit(0))
    port?.start()
  })
  return reply => port?.postMessage(reply)
}
