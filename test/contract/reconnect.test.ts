import { describe, expect, it } from 'vitest'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { serveApi } from '#common/contract/rpc.ts'
import { clientSocket } from '#common/contract/socket-transport.ts'
import { startServer } from '../../src/main/shell/serve/server.ts'
import { type ConnectionState, reconnectingClient } from '../../src/renderer/src/reconnect.ts'
import { runSource, status, testSource } from './source.ts'
import { openSocket } from './transports.ts'

const start = { source: runSource }

describe('reconnecting', () => {
  it('rejects a run once when the socket drops, connects again and answers anew', async () => {
    const source = testSource()
    const server = await startServer({ source, files: (_request, _response, next) => next() })
    const sockets: Awaited<ReturnType<typeof openSocket>>[] = []
    const states: ConnectionState[] = []
    const client = await reconnectingClient(
      async () => {
        const socket = await openSocket(server)
        sockets.push(socket)
        return clientSocket(socket)
      },
      state => states.push(state),
      5
    )
    const seen: number[] = []
    client.on('status', ({ memoryBytes }) => seen.push(memoryBytes))
    const settled: string[] = []
    const run = client.call('runs.start', start).then(
      () => settled.push('result'),
      (error: { code: string }) => settled.push(error.code)
    )
    await expect.poll(() => source.runs).toHaveLength(1)
    const [name] = source.clients
    expect(source.runs[0]?.client).toBe(name)
    sockets[0]?.terminate()
    await run
    await expect.poll(() => states).toEqual(['connected', 'reconnecting', 'connected'])
    await expect.poll(() => source.runs[0]?.signal.aborted).toBe(true)
    source.finish()
    expect((await client.call('app.info', {})).version).toBe('1')
    expect(settled).toEqual(['disconnected'])
    expect(source.runs).toHaveLength(1)
    // It is the same client that came back.
    expect(source.clients).toEqual([name])
    source.emit({ ...status, memoryBytes: 7 })
    await expect.poll(() => seen).toEqual([7])
    await server.close()
  })

  it('keeps trying, and rejects calls meanwhile', async () => {
    const pairs: ReturnType<typeof memoryTransport>[] = []
    let reachable = true
    let tries = 0
    const open = () => {
      tries++
      if (!reachable) return Promise.reject(new Error('no'))
      const pair = memoryTransport()
      serveApi(testSource(), pair.server)
      pairs.push(pair)
      return Promise.resolve(pair.client)
    }
    const states: ConnectionState[] = []
    const client = await reconnectingClient(open, state => states.push(state), 1)
    reachable = false
    pairs[0]?.close()
    await expect(client.call('app.info', {})).rejects.toMatchObject({ code: 'disconnected' })
    await expect.poll(() => tries).toBeGreaterThan(3)
    expect(states).toEqual(['connected', 'reconnecting'])
    reachable = true
    await expect.poll(() => states).toEqual(['connected', 'reconnecting', 'connected'])
    expect((await client.call('app.info', {})).version).toBe('1')
  })

  it('fails at once when there is nothing to connect to at first', async () => {
    const never = () => Promise.reject(new Error('nobody'))
    await expect(reconnectingClient(never, () => undefined)).rejects.toThrow('nobody')
  })
})
