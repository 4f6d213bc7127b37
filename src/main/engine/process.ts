/**
 * The engine's process: owns onnxruntime and its parts, and does what it is sent, one thing at a time.
 * Its argument is the folder of the exchange, empty where there is none. It may crash or be killed; its owner
 * starts another.
 */
import { crc32 } from 'node:zlib'
import * as ort from 'onnxruntime-node'
import type { Request } from '#common/model/call-table.ts'
import { LamellaError } from '#common/model/errors.ts'
import { giveBack } from '#common/data/give-back.ts'
import { invalidFile } from '../files/file-error.ts'
import { readExactly, withKnownFile } from '../files/open-file.ts'
import { processorCores } from '../files/processor-cores.ts'
import { answerCalls, type Work } from '../process/answers.ts'
import { createExchange } from './exchange.ts'
import { installedProviders } from './installed-providers.ts'
import { carriedIsGone, halfOf } from './protocol.ts'
import { runtimeMessage } from './runtime-message.ts'
import { storedRows } from './stored-rows.ts'
import type {
  EngineCalls,
  EngineTensor,
  WantedOutput,
  WeightBytes,
  WeightRange
} from './protocol.ts'

/** A part, and those of its weights that every run is fed. */
interface LoadedPart {
  readonly runtime: ort.InferenceSession
  readonly fed: Readonly<Record<string, ort.Tensor>>
}

const folder = process.argv[2] ?? ''
const exchange = createExchange(folder || null)
const cores = processorCores()
const parts = new Map<string, LoadedPart>()
/** What runs left for others, by place. */
const carried = new Map<string, { readonly name: string; readonly tensor: ort.Tensor }>()

const work: Work<EngineCalls> = {
  async load({ part, model, weights, provider, castsAtRun }) {
    const fed: Record<string, ort.Tensor> = {}
    const externalData: { path: string; data: Uint8Array<ArrayBuffer> }[] = []
    const read = await Promise.all(weights.map(readWeight))
    weights.forEach(({ location, fed: shape }, i) => {
      const data = read[i]!
      if (shape === undefined) externalData.push({ path: location, data })
      else fed[location] = new ort.Tensor('float32', floatsOf(data), shape)
    })
    const created = await ort.InferenceSession.create(model, {
      externalData,
      executionProviders: [provider],
      logSeverityLevel: 3,
      ...(cores !== undefined && { intraOpNumThreads: cores }),
      // An arena a part would each keep what the longest text needed.
      enableCpuMemArena: false,
      // Many parts share the cores: an idle one's threads must sleep, not spin.
      extra: {
        session: { 'intra_op.allow_spinning': '0' },
        ...(castsAtRun && { optimization: { disable_specified_optimizers: 'ConstantFolding' } })
      }
    }).catch((error: unknown) => {
      throw provider === 'cpu' ? error : new Error(`${provider}: ${runtimeMessage(error)}`)
    })
    await parts.get(part)?.runtime.release()
    parts.set(part, { runtime: created, fed })
    // The runtime has its own copy: what was read is given back at once, not when it is next collected.
    for (const { data } of externalData) giveBack(data)
    return null
  },

  async run({ part, feeds, outputs, carry = [] }) {
    const loaded = parts.get(part)
    if (loaded === undefined) throw new Error(`no part ${part}`)
    const names = Object.keys(feeds)
    const tensors = await Promise.all(names.map(name => inputTensor(feeds[name]!)))
    const spent = tensors.filter((_, i) => isOwn(feeds[names[i]!]!))
    const inputs = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]))
    const given = outputs.map(wanted => givenAs(loaded.runtime, wanted))
    const computed = new Set([...given, ...carry.map(({ output }) => output)])
    const results = await loaded.runtime.run({ ...loaded.fed, ...inputs }, [...computed])
    for (const { place, name, output } of carry) {
      const before = carried.get(place)
      carried.set(place, { name, tensor: results[output] as ort.Tensor })
      if (before !== undefined) spent.push(before.tensor)
    }
    const sent = outputs.map((wanted, i) => exchange.send(engineTensor(wanted, results[given[i]!])))
    const crossings = await Promise.all(sent)
    // Until they are collected, patterns and residuals of a long text would lie there several times.
    const left = new Set(carry.map(({ output }) => output))
    const crossed = given.filter((name, i) => 'file' in crossings[i]! && !left.has(name))
    const done = [...crossed.map(name => results[name] as ort.Tensor), ...spent]
    for (const { data } of new Set(done)) giveBack(data as Float32Array)
    return Object.fromEntries(outputs.map(({ name }, i) => [name, crossings[i]!]))
  },

  async release({ part }) {
    await parts.get(part)?.runtime.release()
    parts.delete(part)
    return null
  },

  forget({ places }) {
    for (const place of places) carried.delete(place)
    return Promise.resolve(null)
  },

  providers: () => Promise.resolve(installedProviders()),

  memory: () => Promise.resolve(process.memoryUsage.rss())
}

function floatsOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Float32Array {
  return new Float32Array(buffer, byteOffset, byteLength / 4)
}

async function readWeight(weight: WeightRange | WeightBytes): Promise<Uint8Array<ArrayBuffer>> {
  // What came in one message lies in one buffer, which cannot be given back in parts.
  if ('bytes' in weight) return weight.bytes.slice()
  const { file, offset, byteLength } = weight
  return withKnownFile(file, async open => {
    const bytes = new Uint8Array(byteLength)
    await readExactly(open, offset, bytes)
    if (weight.crc32 !== undefined && crc32(bytes) !== weight.crc32)
      throw invalidFile(file.label, `the bytes at ${offset} do not match their checksum`)
    return bytes
  })
}

async function inputTensor(
  feed: EngineCalls['run']['argument']['feeds'][string]
): Promise<ort.Tensor> {
  if ('carried' in feed) {
    const found = carried.get(feed.carried.place)
    if (found?.name !== feed.carried.name) throw new Error(carriedIsGone)
    return found.tensor
  }
  if ('rows' in feed) {
    const { data, shape } = await storedRows(feed)
    return new ort.Tensor('float32', data, shape)
  }
  const { type, data, shape } = await exchange.receive(feed)
  // Each type comes with its own kind of array, which the overloads cannot see in a union.
  return new ort.Tensor(type as 'float32', data as Float32Array, shape)
}

/** Whether an input was made for one run alone: what came in one message lies in one buffer, and what is carried stays. */
function isOwn(feed: EngineCalls['run']['argument']['feeds'][string]): boolean {
  return 'rows' in feed || 'file' in feed
}

/** The output of a part that is read for one that is wanted. */
function givenAs({ outputNames }: ort.InferenceSession, { name, type }: WantedOutput): string {
  const half = halfOf(name)
  return type === 'float16' && outputNames.includes(half) ? half : name
}

function engineTensor({ name, type }: WantedOutput, result: ort.Tensor | undefined): EngineTensor {
  const shape = result?.dims ?? []
  if (result?.type === 'float16' && type === 'float16') {
    const { buffer, byteOffset, length } = result.data as Uint16Array<ArrayBuffer>
    return { type, shape, data: new Float16Array(buffer, byteOffset, length) }
  }
  if (result?.type !== 'float32') throw new Error(`output ${name} is ${result?.type ?? 'missing'}`)
  const data = result.data as Float32Array
  return type === 'float32' ? { type, shape, data } : { type, shape, data: new Float16Array(data) }
}

/** Removes what a call would have read. */
async function discardFeeds({ call, argument }: Request<EngineCalls>): Promise<void> {
  if (call !== 'run') return
  const { feeds } = argument as EngineCalls['run']['argument']
  for (const feed of Object.values(feeds)) await exchange.discard(feed)
}

answerCalls<EngineCalls>(work, {
  folder,
  // Of a file of weights that is wrong, its own error.
  toError: thrown =>
    thrown instanceof LamellaError
      ? thrown
      : new LamellaError('engine-failed', runtimeMessage(thrown)),
  discard: discardFeeds
})
