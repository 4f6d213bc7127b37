import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Electron from 'electron'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { connectChannel } from '#common/contract/desktop.ts'
import { type PortLike, portTransport } from '#common/contract/port-transport.ts'
import { type CallOptions, type Client, connectApi } from '#common/contract/rpc.ts'
import type { Transport } from '#common/contract/transport.ts'
import { cancelWork } from '#common/model/cancel.ts'
import { engineEnvironment } from '../../../src/main/engine/host.ts'
import { type ConnectionState, reconnectingClient } from '../../../src/renderer/src/reconnect.ts'
import { cpuSource, projectRoot, shakespeare } from '../../golden/workbench.ts'
import { lamellaPaths } from '../../../src/main/shell/paths.ts'
import { app, ipcMain, MessageChannelMain, pagePort, told } from './fake-electron.ts'

/** The desktop with its real workbench and engine, in processes that Node's stand in for. */
vi.mock('electron', () => import('./fake-electron.ts'))
const dataFolder = await mkdtemp(join(tmpdir(), 'lamella-desktop-'))
vi.stubEnv('LAMELLA_DATA', dataFolder)

let client: Client
const states: ConnectionState[] = []
/** When workbenches are killed, by their clock: within a minute, however long the tests take. */
const timeOfDeaths = Date.now()
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  await import('../../../src/main/shell/desktop.ts')
  client = await reconnectingClient(askForPort, state => states.push(state), 5)
})
afterAll(() => {
  vi.useRealTimers()
  for (const { process } of told.forked) process.end()
})

/** A transport as the window gets it: the port comes once a workbench answers. */
function askForPort(): Promise<Transport> {
  return new Promise(resolve => {
    const postMessage = (_channel: string, _message: unknown, [port]: Electron.MessagePortMain[]) =>
      resolve(portTransport(pagePort(port!) as unknown as PortLike))
    const frame = { url: 'lamella://app/', parent: null, isDestroyed: () => false, postMessage }
    ipcMain.emit(connectChannel, { senderFrame: frame })
  })
}

const forked = (entry: string) => told.forked.filter(other => other.entry.endsWith(entry))
const workbenches = () => forked('workbench-process.ts').map(({ process }) => process)
const engines = () => forked('engine/process.ts').map(({ process }) => process)
const exchanges = () => forked('engine/process.ts').map(({ words }) => words[0]!)

/** Kills the present workbench. */
function killWorkbench() {
  // Each look at what is waited for moves the clock.
  vi.setSystemTime(timeOfDeaths)
  const dying = workbenches().at(-1)!
  process.kill(dying.pid!, 'SIGKILL')
  return dying
}

async function run(text: string, options: CallOptions = {}) {
  const model = await client.call('models.open', { path: shakespeare })
  const source = cpuSource(model, { text })
  return client.call('runs.start', { source }, options)
}

async function pattern(runId: string) {
  const { data } = await client.call('runs.value', { runId, hook: 'blocks.0.attn.hook_pattern' })
  return data
}

/** Starts a run that the engine takes nothing of: it is stopped, as if it computed for long. */
async function stuckRun(text: string, signal?: AbortSignal) {
  const engine = engines().at(-1)!
  await client.call('models.open', { path: shakespeare })
  process.kill(engine.pid!, 'SIGSTOP')
  const before = engine.runs
  const running = run(text, signal ? { signal } : {})
  running.catch(() => undefined)
  await expect.poll(() => engine.runs, { interval: 5 }).toBeGreaterThan(before)
  return { engine, running }
}

describe.skipIf(process.platform === 'win32')("the desktop's processes", () => {
  it('are a workbench and, ahead of the first run, an engine with what its environment needs', async () => {
    expect(await client.call('app.info', {})).toMatchObject({ shell: 'desktop' })
    await expect.poll(() => [workbenches().length, engines().length]).toEqual([1, 1])
    const { id } = await run('So')
    expect([...(await pattern(id))].slice(0, 2)).toEqual([1, 0])
    expect(engines()).toHaveLength(1)
    const [workbench, engine] = [workbenches()[0]!, engines()[0]!]
    expect(workbench.options.serviceName).toBe('Lamella workbench')
    expect(engine.options).toMatchObject({
      serviceName: 'Lamella engine',
      env: { ...engineEnvironment, LAMELLA_DATA: dataFolder }
    })
    expect(new Set([process.pid, workbench.pid, engine.pid]).size).toBe(3)
    expect(existsSync(exchanges()[0]!)).toBe(true)
  })

  it('ask main for the system’s dialog', async () => {
    expect(await client.call('files.choose', {})).toBe('/models/gpt2')
    expect(told.dialogs[0]?.properties).toEqual(['openDirectory'])
  })

  it('answer for the status while the engine computes, and leave it to finish what is abandoned', async () => {
    const controller = new AbortController()
    const { engine, running } = await stuckRun('What is this', controller.signal)
    expect((await client.call('engine.status', {})).provider).toBe('cpu')
    controller.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await client.call('engine.status', {})
    process.kill(engine.pid!, 'SIGCONT')
    expect((await run('What is this')).complete).toBe(true)
    expect(engines()).toEqual([engine])
  })

  it('free the engine when a run is cancelled', async () => {
    const controller = new AbortController()
    const { engine, running } = await stuckRun('What is that', controller.signal)
    cancelWork(controller)
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(() => engine.pid).toBeUndefined()
    expect((await run('What is that')).complete).toBe(true)
    expect(engines()).toHaveLength(2)
  })

  it('say why an engine died, and go on with another', async () => {
    const { engine, running } = await stuckRun('What if')
    process.kill(engine.pid!, 'SIGKILL')
    await expect(running).rejects.toMatchObject({
      code: 'engine-failed',
      message: 'The engine stopped (exit code 9)'
    })
    expect((await run('What if')).complete).toBe(true)
    expect((await client.call('engine.status', {})).engineMessage).toMatch(/exit code 9/)
  })

  it('lose nothing with a workbench that dies: another takes its place, and its engine ends', async () => {
    const state = { tabs: ['a'] }
    await client.call('workspace.save', { state: JSON.stringify(state) })
    const { id } = await run('So')
    const before = await pattern(id)
    const { engine, running } = await stuckRun('Where is this')
    const late = expect(running).rejects.toMatchObject({ code: 'disconnected' })
    states.length = 0
    killWorkbench()
    await late
    await expect.poll(() => states).toEqual(['reconnecting', 'connected'])
    await expect.poll(() => engine.pid).toBeUndefined()
    expect(workbenches()).toHaveLength(2)
    expect(await client.call('workspace.load', {})).toEqual(state)
    expect(await client.call('models.recent', {})).toMatchObject([{ path: shakespeare }])
    const again = await run('So')
    expect(again).toMatchObject({ id, complete: true, milliseconds: 0 })
    expect(await pattern(id)).toEqual(before)
    // What the killed one left is swept away by its successor.
    await expect.poll(() => exchanges().slice(0, -1).filter(existsSync)).toEqual([])
  })

  it('give a window that asks meanwhile its port once a workbench answers', async () => {
    const count = workbenches().length
    const dying = killWorkbench()
    await expect.poll(() => dying.exitCode, { interval: 1 }).toBe(9)
    const postMessage = vi.fn()
    const leaving = { url: 'lamella://app/', parent: null, isDestroyed: () => false, postMessage }
    ipcMain.emit(connectChannel, { senderFrame: leaving })
    leaving.url = 'https://evil.example/'
    const asked = [askForPort(), askForPort()]
    for (const transport of await Promise.all(asked))
      expect((await connectApi(transport).call('app.info', {})).shell).toBe('desktop')
    expect(workbenches()).toHaveLength(count + 1)
    // A page that left meanwhile has lost its right to one.
    expect(postMessage).not.toHaveBeenCalled()
  })

  it('are asked about when the workbench dies four times within a minute', async () => {
    for (const count of [4, 5]) {
      killWorkbench()
      await expect.poll(() => workbenches().length).toBe(count)
      await expect.poll(() => client.call('app.info', {}).catch(() => null)).not.toBeNull()
      expect(told.boxes).toHaveLength(count - 4)
    }
    expect(told.boxes).toMatchObject([
      {
        message: 'The workbench stopped four times within a minute.',
        detail: expect.stringMatching(/^exit code 9/) as string,
        buttons: ['Start it again', 'Quit']
      }
    ])
    expect((await run('So')).complete).toBe(true)
    expect(await pattern((await run('Now')).id)).toHaveLength(4 * 3 * 3)
  })

  it('close what is open before the program ends', async () => {
    const { engine } = await stuckRun('How')
    // It may take as long as it does: that it is ended after five seconds is tested below.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const quitting = new Promise(resolve => app.quit.mockImplementationOnce(resolve))
    const preventDefault = vi.fn()
    app.emit('will-quit', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
    await quitting
    expect(app.quit).toHaveBeenCalledOnce()
    expect(workbenches().at(-1)!.exitCode).toBe(0)
    await expect.poll(() => engine.pid).toBeUndefined()
    expect(exchanges().filter(existsSync)).toEqual([])
    // The cache was closed: nothing is left to write into it.
    expect(readdirSync(dataFolder).filter(name => name.endsWith('-wal'))).toEqual([])
    const text = readFileSync(join(dataFolder, 'workspace.json'), 'utf8')
    expect(JSON.parse(text)).toEqual({ tabs: ['a'] })
    expect(workbenches()).toHaveLength(5)
  })
})

it.skipIf(process.platform === 'win32')(
  'ends a workbench that does not close in time',
  async () => {
    const { startWorkbenchProcess } = await import('../../../src/main/shell/desktop/workbench.ts')
    const never = () => Promise.reject(new Error('not asked'))
    const paths = lamellaPaths()
    const stuck = startWorkbenchProcess({ paths, choosePath: never, startsAgain: never })
    await stuck.ready()
    process.kill(workbenches().at(-1)!.pid!, 'SIGSTOP')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const kill = vi.spyOn(process, 'kill')
    onTestFinished(() => {
      vi.useRealTimers()
      kill.mockRestore()
    })
    const closing = stuck.close()
    vi.advanceTimersByTime(4999)
    expect(kill).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    await closing
    expect(workbenches().at(-1)!.exitCode).toBe(9)
    await stuck.close()
    const { port1, port2 } = new MessageChannelMain()
    const closed = new Promise(resolve => port2.port.on('close', () => resolve('closed')))
    stuck.connect(port1)
    expect(await closed).toBe('closed')
  }
)

it.skipIf(process.platform === 'win32')('ends a process that has not spawned yet', async () => {
  const { startUtility } = await import('../../../src/main/shell/desktop/utility.ts')
  const ended = Promise.withResolvers<string>()
  const options = { serviceName: 'Test' }
  const utility = startUtility(lamellaPaths().engineEntry, [''], options, ended.resolve)
  expect(utility.process.pid).toBeUndefined()
  utility.kill()
  expect(await ended.promise).toBe('exit code 9')
})

it('has its entries where the paths say', () => {
  for (const { entry } of told.forked) expect(existsSync(entry)).toBe(true)
  expect(told.forked[0]!.entry.startsWith(projectRoot)).toBe(true)
})
