import { afterEach, describe, expect, it } from 'vitest'
import { cancelWork, isCancelled } from '#common/model/cancel.ts'
import type { LamellaError } from '#common/model/errors.ts'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { connectApi, serveApi } from '#common/contract/rpc.ts'
import type { Progress, Run } from '#common/contract/schemas.ts'
import { pattern, runSource, status, testSource } from './source.ts'
import { type Served, transports } from './transports.ts'

const start = { source: runSource }

describe.each(Object.entries(transports))('the contract over a %s', (_name, serve) => {
  let served: Served
  const connect = async () => {
    const source = testSource()
    served = await serve(source)
    return { source, transport: served.client, client: connectApi(served.client) }
  }
  afterEach(() => served.close())

  it('answers a call, and fills in defaults', async () => {
    const { client } = await connect()
    const tokens = await client.call('text.tokenize', { modelId: 'm1', text: 'aש' })
    expect(tokens.map(token => token.piece)).toEqual(['a', 'ש'])
  })

  it('carries float32 arrays exactly', async () => {
    const { client } = await connect()
    const { shape, data } = await client.call('runs.value', { runId: 'r1', hook: 'x' })
    expect(shape).toEqual([1, 3, 2])
    expect(data).toBeInstanceOf(Float32Array)
    expect(data).toEqual(pattern)
  })

  it('takes the arrangement of a window that looked at long texts: more numbers than a message may hold', async () => {
    const { client } = await connect()
    const state = JSON.stringify({ lookedAt: Array.from({ length: 20_000 }, (_, id) => id) })
    expect(await client.call('workspace.save', { state })).toBeNull()
    await expect(client.call('workspace.save', { state: '{' })).rejects.toMatchObject({
      message: expect.stringMatching(/^workspace\.save: state: .*expected JSON/) as string
    })
  })

  it.each([
    ['text.tokenize', { modelId: 'm1' }, /^text\.tokenize: text: .*expected a text/],
    ['runs.value', { runId: 'r', hook: 'x', index: 0.5 }, /^runs\.value: index: /],
    [
      'runs.start',
      { source: { ...runSource, input: { ids: ['1'] } } },
      /^runs\.start: source\.input\.ids\.0: /
    ],
    ['runs.start', null, /^runs\.start: .*expected an object/]
  ] as const)('refuses params of %s that break the schema', async (method, params, message) => {
    const { client } = await connect()
    await expect(client.call(method, params as never)).rejects.toMatchObject({
      name: 'LamellaError',
      code: 'invalid-argument',
      message: expect.stringMatching(message) as string
    })
  })

  it.each(['no.such', 'constructor', '__proto__'])('refuses the method %s', async method => {
    const { client } = await connect()
    await expect(client.call(method as 'app.info', {})).rejects.toMatchObject({
      code: 'invalid-argument',
      message: `${method}: there is no such method`
    })
  })

  it('brings errors back with code, message and hint', async () => {
    const { client } = await connect()
    const opening = client.call('models.open', { path: '/x' })
    const { code, message, hint } = await opening.then(
      () => expect.fail('It opened'),
      (thrown: LamellaError) => thrown
    )
    expect({ code, message, hint }).toEqual({
      code: 'file-invalid',
      message: '/x: no config.json',
      hint: 'Choose a model folder.'
    })
    await expect(client.call('files.list', {})).rejects.toMatchObject({
      code: 'internal',
      message: 'disk on fire',
      hint: undefined
    })
  })

  it('does not let a result out that breaks the schema', async () => {
    const { client } = await connect()
    await expect(client.call('models.recent', {})).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/^models\.recent: result: 0\.path: /) as string
    })
  })

  it('reports progress in order and before the result', async () => {
    const { client, source } = await connect()
    const seen: Progress[] = []
    const call = client.call('runs.start', start, { onProgress: progress => seen.push(progress) })
    await expect.poll(() => source.runs).toHaveLength(1)
    source.finish()
    expect((await call).id).toBe('r1')
    expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    expect(seen[0]?.label).toBe('Running on auto')
    source.runs[0]?.progress({ label: 'Late', done: 51, total: 50 })
    await client.call('app.info', {})
    expect(seen).toHaveLength(50)
  })

  it.each([
    ['cancels', cancelWork, true],
    ['abandons', (controller: AbortController) => controller.abort(), false]
  ] as const)('%s the one call that is given up so', async (_, giveUp, isCancel) => {
    const { client, source } = await connect()
    const controller = new AbortController()
    const first = client.call('runs.start', start, { signal: controller.signal })
    const second = client.call('runs.start', start)
    await expect.poll(() => source.runs).toHaveLength(2)
    giveUp(controller)
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(() => source.runs[0]?.signal.aborted).toBe(true)
    expect(isCancelled(source.runs[0]!.signal)).toBe(isCancel)
    expect(source.runs[1]?.signal.aborted).toBe(false)
    source.finish()
    source.finish()
    expect((await second).id).toBe('r1')
  })

  it('does not start a call that is given up already', async () => {
    const { client, source } = await connect()
    const call = client.call('runs.start', start, { signal: AbortSignal.abort() })
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
    await client.call('app.info', {})
    expect(source.runs).toHaveLength(0)
  })

  it('brings events until the listener leaves', async () => {
    const { client, source } = await connect()
    const seen: number[] = []
    const leave = client.on('status', payload => seen.push(payload.memoryBytes))
    source.emit({ ...status, memoryBytes: 1 })
    source.emit({ ...status, memoryBytes: 2 })
    await expect.poll(() => seen).toEqual([1, 2])
    leave()
    source.emit({ ...status, memoryBytes: 3 })
    await client.call('app.info', {})
    expect(seen).toEqual([1, 2])
  })

  it('ends everything when the connection closes', async () => {
    const { client, source } = await connect()
    const call = client.call('runs.start', start)
    await expect.poll(() => source.runs).toHaveLength(1)
    expect(source.listenerCount).toBe(1)
    const rejected = expect(call).rejects.toMatchObject({ code: 'disconnected' })
    await served.close()
    await rejected
    await expect.poll(() => source.runs[0]?.signal.aborted).toBe(true)
    // Nobody waits any more, and nobody has asked for more than that.
    expect(isCancelled(source.runs[0]!.signal)).toBe(false)
    await expect.poll(() => source.listenerCount).toBe(0)
    await expect(client.call('app.info', {})).rejects.toMatchObject({ code: 'disconnected' })
  })

  it('ignores messages it does not know', async () => {
    const { client, transport } = await connect()
    const noise = [null, 7, 'call', [], {}, { type: 'call' }, { type: 'abandon', id: 99 }]
    for (const message of noise) transport.send(message)
    transport.send({ type: 'call', id: 0.5, method: 'app.info', params: {} })
    expect((await client.call('app.info', {})).version).toBe('1')
  })
})

it('tells of a result that was on its way as its call was given up', async () => {
  const source = testSource()
  const pair = memoryTransport()
  serveApi(source, pair.server)
  const held: (() => void)[] = []
  const client = connectApi({
    ...pair.client,
    onMessage: listener => pair.client.onMessage(message => held.push(() => listener(message)))
  })
  const [controller, late] = [new AbortController(), [] as string[]]
  const onLate = ({ id }: Run) => late.push(id)
  const call = client.call('runs.start', start, { signal: controller.signal, onLate })
  await expect.poll(() => source.runs).toHaveLength(1)
  source.finish()
  const answered = 51
  await expect.poll(() => held).toHaveLength(answered)
  controller.abort()
  await expect(call).rejects.toMatchObject({ code: 'cancelled' })
  expect(late).toEqual([])
  for (const come of held) come()
  expect(late).toEqual(['r1'])
})
