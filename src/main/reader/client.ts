import { totalmem } from 'node:os'
import type { ChatRequest, RenderedChat } from '#common/model/chat.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import type { TextExplanation } from '#common/model/text-explanation.ts'
import type { Token } from '#common/model/token.ts'
import type { VocabularyListing, VocabularyQuery } from '#common/model/vocabulary.ts'
import { createCalls, type LostCall } from '../process/calls.ts'
import { fileLabel } from '../files/file-error.ts'
import type { HostedProcess, ProcessHost } from '../process/host.ts'
import { limitMark } from '../process/watch.ts'
import type { EncodeOptions } from '../tokenizer/encoder.ts'
import { createIdleReaders, type IdleReaders } from './idle-readers.ts'
import type { ReaderCalls, ReaderLimits } from './protocol.ts'
import type { TokenizerFacts, TokenizerSource } from './tokenizers.ts'

type Argument<C extends keyof ReaderCalls> = ReaderCalls[C]['argument']
type Result<C extends keyof ReaderCalls> = ReaderCalls[C]['result']

/**
 * Reads what strangers wrote of one model, in a process of its own. One that dies takes nothing with it: the next call
 * starts another, which makes anew what the call needs.
 */
export interface Reader {
  /**
   * @throws LamellaError as the reading does; `file-invalid` naming the file at which the process took more than it may,
   *   or died twice; `cancelled`, also when the reader is closed
   */
  ask<C extends keyof ReaderCalls>(
    call: C,
    argument: Argument<C>,
    signal?: AbortSignal
  ): Promise<Result<C>>
  /** @returns null where there is none */
  tokenizer(source: TokenizerSource): Promise<ReaderTokenizer | null>
  /** Ends its process: what is under way is cancelled. */
  close(): void
}

/** A tokenizer that a reader has. */
export interface ReaderTokenizer extends TokenizerFacts {
  encode(text: string, options: EncodeOptions): Promise<Token[]>
  describe(ids: readonly number[]): Promise<Token[]>
  /** How a text becomes its tokens. */
  explain(text: string, signal?: AbortSignal): Promise<TextExplanation>
  /** The text that ids stand for together, special tokens included; ids of no token are left out. */
  decode(ids: readonly number[], signal?: AbortSignal): Promise<string>
  /**
   * A dialogue as the model's own template writes it.
   * @throws LamellaError `not-found` where it has none; `file-invalid` naming the template's file
   */
  chat(request: ChatRequest, signal?: AbortSignal): Promise<RenderedChat>
  /** Tokens that are looked for. @param rows of the embedding; null where that is not known */
  vocabulary(
    query: VocabularyQuery,
    rows: number | null,
    signal?: AbortSignal
  ): Promise<VocabularyListing>
  /** The token that hides another; null where there is none. */
  mask(): Promise<Token | null>
}

const usualLimits: ReaderLimits = {
  memory: Math.min(2 * 2 ** 30, totalmem() / 2),
  time: 60_000,
  tokenizerTime: 20_000,
  chatTime: 500,
  chatClock: 1200
}

/** Readers of models that nobody looks at take 60 MB each, and start anew in less than a second. */
const mostIdle = 4

/** Starts readers, one a model. Of those that nobody asks only a few keep their processes. */
export interface Readers {
  /** @throws LamellaError `cancelled` once they are closed */
  start(): Reader
  /** Starts the process of the next reader ahead of it, so that who asks it first does not wait for that. */
  prepare(): void
  /** Ends all of them, and the process that none has taken. */
  close(): void
}

export function createReaders(host: ProcessHost, limits: ReaderLimits = usualLimits): Readers {
  const idle = createIdleReaders(mostIdle)
  const spawn = () => host.spawn(JSON.stringify(limits))
  let ahead: HostedProcess | null = null
  const open = new Set<Reader>()
  let closed = false

  function take(): HostedProcess {
    const taken = ahead ?? spawn()
    ahead = null
    return taken
  }

  return {
    start() {
      if (closed) throw cancelled()
      const reader = createReader(take, limits, idle)
      open.add(reader)
      const close = () => {
        open.delete(reader)
        reader.close()
      }
      return { ...reader, close }
    },
    prepare() {
      if (ahead !== null || closed) return
      const started = spawn()
      ahead = started
      started.onExit(() => {
        if (ahead === started) ahead = null
      })
    },
    close() {
      closed = true
      ahead?.kill()
      ahead = null
      for (const reader of open) reader.close()
    }
  }
}

function createReader(spawn: () => HostedProcess, limits: ReaderLimits, idle: IdleReaders): Reader {
  let closed = false
  let asked = 0
  const calls = createCalls<ReaderCalls>({
    stops: true,
    spawn,
    died: (reason, lost) => new ReaderDied(reason, lost, limits),
    closed: cancelled
  })

  async function ask<C extends keyof ReaderCalls>(
    call: C,
    argument: Argument<C>,
    signal?: AbortSignal
  ): Promise<Result<C>> {
    asked++
    idle.busy(calls)
    try {
      return await askAgain(call, argument, signal)
    } finally {
      if (--asked === 0 && !closed) idle.idle(calls)
    }
  }

  async function askAgain<C extends keyof ReaderCalls>(
    call: C,
    argument: Argument<C>,
    signal?: AbortSignal
  ): Promise<Result<C>> {
    for (let deaths = 0; ;)
      try {
        return await calls.ask(call, argument, signal)
      } catch (error) {
        if (closed || !(error instanceof LamellaError)) throw error
        // It may have died of something else, or of somebody's cancelling.
        const isOthers = error.code === 'cancelled' && !signal?.aborted
        const isChance = error instanceof ReaderDied && !error.isForGood && ++deaths === 1
        if (isOthers || isChance) continue
        // Who asks next does not wait for its start.
        if (error instanceof ReaderDied && error.isForGood) calls.prepare()
        throw error
      }
  }

  return {
    ask,
    async tokenizer(source) {
      const facts = await ask('tokenizer', source)
      if (facts === null) return null
      const from = { ...source, madeOf: facts.madeOf }
      return {
        ...facts,
        encode: (text, { specials = true, signal }) =>
          ask('encode', { from, text, specials }, signal),
        describe: ids => ask('describe', { from, ids }),
        explain: (text, signal) => ask('explain', { from, text }, signal),
        decode: (ids, signal) => ask('decode', { from, ids }, signal),
        async chat(request, signal) {
          if (source.folder === null) throw noTemplate()
          return ask('chat', { folder: source.folder, request }, signal)
        },
        vocabulary: (query, rows, signal) => ask('vocabulary', { from, query, rows }, signal),
        mask: () => ask('mask', { from })
      }
    },
    close() {
      closed = true
      idle.busy(calls)
      calls.close()
    }
  }
}

function noTemplate(): LamellaError {
  return new LamellaError('not-found', 'A model of characters alone has no chat template')
}

/** What was read took the process with it. */
export class ReaderDied extends LamellaError {
  /** Of what it read: another would die, too. */
  readonly isForGood: boolean

  constructor(reason: string, lost: LostCall<ReaderCalls> | undefined, limits: ReaderLimits) {
    super(
      'file-invalid',
      `${lost === undefined ? 'Reading' : subjectOf(lost)} ${causeOf(reason, lost?.call, limits)}`,
      `If the file is not meant to be so, fetch it anew from where the model comes from${
        reason.includes(`${limitMark}clock`) ? '; if the machine has much to do, try again' : ''
      }.`
    )
    this.isForGood = reason.includes(limitMark) || outOfMemory.test(reason)
  }
}

const outOfMemory = /out of memory|heap limit|bad_alloc/i

/** The file that was read last for a call; where none was, what it is about. */
function subjectOf(lost: LostCall<ReaderCalls>): string {
  if (lost.at !== null) return lost.at
  switch (lost.call) {
    case 'read':
      return fileLabel(lost.argument.path)
    case 'lamellaFile':
    case 'chat':
      return fileLabel(lost.argument.folder.path)
    case 'tokenizer':
      return tokenizerOf(lost.argument)
    case 'encode':
    case 'describe':
    case 'explain':
    case 'decode':
    case 'vocabulary':
    case 'mask':
      return tokenizerOf(lost.argument.from)
    case 'infer':
      return 'The table of tensors'
    case 'onnxPart':
      return lost.argument.file.label
  }
}

function tokenizerOf({ folder }: TokenizerSource): string {
  return folder === null ? 'The list of characters' : `The tokenizer of ${fileLabel(folder.path)}`
}

function causeOf(
  reason: string,
  call: keyof ReaderCalls | undefined,
  { memory, time, tokenizerTime, chatTime, chatClock }: ReaderLimits
): string {
  const seconds = (call === 'tokenizer' ? tokenizerTime : call === 'chat' ? chatTime : time) / 1000
  const done = call === 'chat' ? 'render' : 'read'
  if (reason.includes(`${limitMark}time`)) return `takes longer than ${seconds} s to ${done}`
  if (reason.includes(`${limitMark}clock`))
    return `takes longer than ${chatClock / 1000} s by the clock to ${done}`
  if (reason.includes(`${limitMark}memory`))
    return `takes more than ${Math.round(memory / 2 ** 20).toLocaleString('en')} MB of memory to ${done}`
  if (outOfMemory.test(reason)) return `takes more than a process can have to ${done}`
  return `ended the process that read it (${reason})`
}
