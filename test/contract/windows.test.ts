import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, connectApi } from '#common/contract/rpc.ts'
import { clientSocket } from '#common/contract/socket-transport.ts'
import { decodeMessage, encodeMessage } from '#common/contract/wire.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { LamellaError } from '#common/model/errors.ts'
import { type RunningServer, startServer } from '../../src/main/shell/serve/server.ts'
import { forkedProcesses } from '../../src/main/shell/workbench.ts'
import { createWorkbench, type Workbench } from '../../src/main/workbench/workbench.ts'
import { cpuSource, shakespeare } from '../golden/workbench.ts'
import { openSocket } from './transports.ts'
import { built } from '../built.ts'

let workbench: Workbench
let server: RunningServer
beforeAll(async () => {
  workbench = await createWorkbench({
    ...built,
    ...forkedProcesses(built),
    dataFolder: mkdtempSync(join(tmpdir(), 'lamella-windows-')),
    reconnectTime: 100,
    shell: 'serve',
    version: '0'
  })
  server = await startServer({ source: workbench, files: (_request, _response, next) => next() })
})
afterAll(async () => {
  await server.close()
  await workbench.close()
})

interface Window {
  readonly socket: WebSocket
  readonly client: Client
}

async function openWindow(): Promise<Window> {
  const socket = await openSocket(server)
  return { socket, client: connectApi(clientSocket(socket)) }
}

const open = ({ client }: Window) => client.call('models.open', { path: shakespeare })
const close = ({ client }: Window, { id }: ModelInfo) =>
  client.call('models.close', { modelId: id })

/** Whether a model is open for somebody: it tokenizes. */
function isOpen({ client }: Window, { id }: ModelInfo): Promise<boolean> {
  return client.call('text.tokenize', { modelId: id, text: 'So' }).then(
    () => true,
    (error: LamellaError) => {
      expect(error.code).toBe('not-found')
      return false
    }
  )
}

describe('a model that two windows have open', () => {
  it('stays for one when the other closes it, in the middle of a run', async () => {
    const [one, other] = [await openWindow(), await openWindow()]
    const [model] = [await open(one), await open(other)]
    const run = await one.client.call('runs.start', { source: cpuSource(model, { text: 'So' }) })
    const text = 'To be, or not to be, that is the question. '
    const running = one.client.call('runs.start', { source: cpuSource(model, { text }) })
    await close(other, model)
    expect((await running).complete).toBe(true)
    const value = { runId: run.id, hook: 'blocks.0.attn.hook_pattern' }
    expect((await one.client.call('runs.value', value)).shape).toEqual([4, 2, 2])
    // Closed twice by one window it is still the other's.
    await close(other, model)
    expect(await isOpen(one, model)).toBe(true)
    await close(one, model)
    expect(await isOpen(other, model)).toBe(false)
    await expect(close(one, model)).rejects.toMatchObject({ code: 'not-found' })
    for (const { socket } of [one, other]) socket.close()
  })

  it('closes when the last that has it open is gone, and not before', async () => {
    const [one, other, watcher] = [await openWindow(), await openWindow(), await openWindow()]
    const [model] = [await open(one), await open(other)]
    one.socket.terminate()
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(await isOpen(watcher, model)).toBe(true)
    other.socket.close()
    await expect.poll(() => isOpen(watcher, model)).toBe(false)
    watcher.socket.close()
  })

  it('stays for a page that was reloaded, which is another client', async () => {
    const page = await openWindow()
    const model = await open(page)
    page.socket.close()
    const reloaded = await openWindow()
    await open(reloaded)
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(await isOpen(reloaded, model)).toBe(true)
    await close(reloaded, model)
    expect(await isOpen(reloaded, model)).toBe(false)
    reloaded.socket.close()
  })
})

it('has to say who it is before it calls', async () => {
  const socket = await openSocket(server)
  const answered = new Promise(resolve => socket.on('message', resolve))
  socket.send(encodeMessage({ type: 'call', id: 1, method: 'app.info', params: {} }))
  expect(decodeMessage((await answered) as Buffer)).toMatchObject({
    type: 'error',
    id: 1,
    error: { code: 'invalid-argument', message: 'The client has not said which one it is' }
  })
  socket.close()
})
