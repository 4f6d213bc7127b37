import { Worker } from 'node:worker_threads'
import type { EngineMessage, EngineReply } from './protocol.ts'

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
 * @param folder the exchange's, removed when the owner dies unseen
 * @returns what answers the owner
 */
export function connectOwner(
  receive: (message: EngineMessage) => void,
  folder: string
): (reply: EngineReply) => void {
  // Ctrl+C reaches every process of a terminal: the owner says when this one ends.
  process.on('SIGINT', () => undefined)
  const { parentPort } = process as unknown as { parentPort?: ParentPort }
  if (parentPort === undefined) {
    endWithParent(folder)
    process.on('message', message => receive(message as EngineMessage))
    return reply => process.send?.(reply)
  }
  let port: ElectronPort | undefined
  parentPort.once('message', ({ ports: [first] }) => {
    port = first
    port?.on('message', ({ data }) => receive(data as EngineMessage))
    // Main kills it as well, also while it computes.
    port?.on('close', () => process.exit(0))
    port?.start()
  })
  return reply => port?.postMessage(reply)
}

/** The runtime blocks this thread; another one sees that the parent's end of standard input is gone. */
function endWithParent(folder: string): void {
  new Worker(watch, { eval: true, workerData: folder })
}

const watch = `
  const { lstatSync, readdirSync, rmdirSync, unlinkSync } = require('node:fs')
  const { join } = require('node:path')
  const { Socket } = require('node:net')
  const { workerData: folder } = require('node:worker_threads')
  new Socket({ fd: 0 }).resume().on('close', () => {
    try {
      const names = lstatSync(folder).isDirectory() ? readdirSync(folder) : []
      for (const name of names) if (/^\\d+-\\d+$/.test(name)) unlinkSync(join(folder, name))
      rmdirSync(folder)
    } catch {
      // The next start sweeps what is left.
    } finally {
      process.kill(process.pid, 'SIGKILL')
    }
  })
`
