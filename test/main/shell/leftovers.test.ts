import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectApi } from '#common/contract/rpc.ts'
import { clientSocket } from '#common/contract/socket-transport.ts'
import type { Edit } from '#common/model/edit.ts'
import { addressOf } from '../../e2e/served-window.ts'
import { openSocket } from '../../contract/transports.ts'
import { cpuSource, shakespeare } from '../../golden/workbench.ts'
import { built, builtCommand } from '../../built.ts'

/** A server of its own: all that it leaves lies under `root`, but for what lies in memory under its id. */
let root: string
let started: number[]
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamella-left-'))
  started = []
})
afterEach(async () => {
  for (const pid of started)
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  // Who still writes keeps the folder from being removed.
  await expect.poll(() => started.filter(isAlive)).toEqual([])
  rmSync(root, { recursive: true })
})

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGKILL'
const signals: Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL']

describe.runIf(process.platform === 'linux')('what is left', () => {
  it.each(signals)('of a server that gets %s is nothing', async signal => {
    const { server, engine } = await busyServer()
    server.kill(signal)
    await expect.poll(() => [server.pid!, engine].filter(isAlive)).toEqual([])
    expect(left(server.pid!)).toEqual([])
  })

  it.each(signals)('of an engine that gets %s is nothing, and another computes', async signal => {
    const { server, engine, run } = await busyServer()
    process.kill(engine, signal)
    // Ctrl+C reaches every process of a terminal: the engine waits for its owner's word.
    if (signal !== 'SIGINT') await expect.poll(() => isAlive(engine)).toBe(false)
    await run('Now').catch(() => run('Now'))
    expect(left(server.pid!)).toHaveLength(1)
    server.kill('SIGTERM')
    await expect.poll(() => left(server.pid!)).toEqual([])
  })

  it('of a server that is killed with its engine is swept away at the next start', async () => {
    const { server, engine } = await busyServer()
    const [folder] = left(server.pid!)
    process.kill(engine, 'SIGKILL')
    server.kill('SIGKILL')
    // Killed together, so that neither has seen the other go.
    await expect.poll(() => [server.pid!, engine].filter(isAlive)).toEqual([])
    // Any other engine that starts on this machine sweeps it away, too.
    mkdirSync(join('/dev/shm', folder!), { recursive: true })
    expect(left(server.pid!)).toHaveLength(1)
    const next = await startServer()
    await expect.poll(() => left(server.pid!)).toEqual([])
    next.server.kill('SIGTERM')
    await expect.poll(() => isAlive(next.server.pid!)).toBe(false)
  })
})

/** What a server has left in memory, in its temporary folder, which is its home, and half written. */
function left(pid: number): string[] {
  const shared = readdirSync('/dev/shm').filter(name => name.startsWith(`lamella-engine-${pid}-`))
  const own = readdirSync(root).filter(name => name !== 'data')
  const partial = readdirSync(join(root, 'data')).filter(name => /\.(new|turn)$|^open-/.test(name))
  return [...shared, ...own, ...partial]
}

async function startServer(): Promise<{ server: ChildProcess; url: URL }> {
  const server = spawn(process.execPath, [builtCommand, 'serve', '--no-open'], {
    env: { ...process.env, LAMELLA_DATA: join(root, 'data'), TMPDIR: root, HOME: root }
  })
  started.push(server.pid!)
  return { server, url: new URL(await addressOf(server)) }
}

/** A server with an engine that it has sent what that has not read yet. */
async function busyServer() {
  const { server, url } = await startServer()
  const own = { port: Number(url.port), token: url.searchParams.get('token')! }
  const client = connectApi(clientSocket(await openSocket(own)))
  const model = await client.call('models.open', { path: shakespeare })
  const run = (text: string, edits: Edit[] = []) =>
    client.call('runs.start', { source: cpuSource(model, { text }, edits) })
  // So long that the residual, with which a run with this edit begins, crosses in a file.
  const text = 'To be, or not to be, that is the question. '.repeat(4)
  const without = (scale: number) =>
    run(text, [{ hook: 'blocks.1.hook_mlp_out', at: {}, scale, add: null }])
  await run(text)
  // The engine has all that it needs for such an edit.
  await without(0.5)
  const engine = enginesOf(server.pid!)[0]!
  started.push(engine)
  process.kill(engine, 'SIGSTOP')
  without(0).catch(() => undefined)
  const folder = join('/dev/shm', left(server.pid!)[0]!)
  await expect.poll(() => readdirSync(folder).length).toBeGreaterThan(0)
  process.kill(engine, 'SIGCONT')
  return { server, engine, run }
}

function enginesOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  return children
    .map(Number)
    .filter(child => told(`/proc/${child}/cmdline`).includes(built.engineEntry))
}

/** Whether a process runs: one that nobody has waited for yet does not. */
function isAlive(pid: number): boolean {
  return /\) [^Z] /.test(told(`/proc/${pid}/stat`))
}

/** What the system says of a process; nothing once that is gone. */
function told(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
