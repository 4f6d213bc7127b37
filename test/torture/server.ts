import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { type Client, connectApi } from '#common/contract/rpc.ts'
import { clientSocket } from '#common/contract/socket-transport.ts'
import { openSocket } from '../contract/transports.ts'
import { builtCommand } from '../built.ts'

/** A server as its user starts it, in a process of its own, with a window's client. */
export interface Server {
  readonly client: Client
  readonly pid: number
  isAlive(): boolean
  /** Sends it a signal, and waits until it has ended. */
  end(signal: NodeJS.Signals): Promise<void>
}

/**
 * Starts a server.
 * @param largestFile kilobytes that a file it writes may have, as on a full disk; null for any
 * @throws Error with what it said, when it ends before it serves
 */
export async function startServer(
  environment: Readonly<Record<string, string>>,
  largestFile: number | null = null
): Promise<Server> {
  const words = [builtCommand, 'serve', '--no-open']
  const env = { ...process.env, ...environment }
  const child =
    largestFile === null
      ? spawn(process.execPath, words, { env })
      : spawn(
          'sh',
          ['-c', `ulimit -f ${largestFile * 2}; exec "$@"`, 'sh', process.execPath, ...words],
          {
            env
          }
        )
  const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
  const { port, token } = await address(child)
  const client = connectApi(clientSocket(await openSocket({ port, token })))
  return {
    client,
    pid: child.pid!,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    end(signal) {
      child.kill(signal)
      return ended
    }
  }
}

function address(child: ChildProcess): Promise<{ port: number; token: string }> {
  const line = /^Lamella is at http:\/\/127\.0\.0\.1:(\d+)\/\?token=([\w-]{43})$/m
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      const [, port, token] = line.exec(said) ?? []
      if (port !== undefined && token !== undefined) resolve({ port: Number(port), token })
    }
    child.stdout!.on('data', hear)
    child.stderr!.on('data', hear)
    child.on('close', () => reject(new Error(`a server ended before it served: ${said}`)))
  })
}

/** The processes that a process has started, and theirs. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(name) : null
    const parent = stat === null ? undefined : /\) \S+ (\d+)/.exec(stat)?.[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const found: number[] = []
  const collect = (of: number) => {
    for (const [child, parent] of parents)
      if (parent === of) {
        found.push(child)
        collect(child)
      }
  }
  collect(pid)
  return found
}

function statOf(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return null
  }
}
