/**
 * A reader's process: does all that parses what strangers wrote, for one model. It may be frozen, fed too much or brought
 * down by what it reads; its owner says so and starts another. Its argument is what it may take.
 */
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { isMaskToken } from '#common/model/token.ts'
import { firstLetters } from '#common/text/cut-short.ts'
import { inferDescription } from '../architecture/describe/infer.ts'
import { onFileInHand } from '../files/file-in-hand.ts'
import { answerCalls, type Work } from '../process/answers.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import { readLamellaFile } from './model-files.ts'
import { createOnnxParts } from './onnx-reading.ts'
import { packed } from './packed-model.ts'
import type { ReaderCalls, ReaderLimits } from './protocol.ts'
import { readModel } from './read-model.ts'
import { readChatTemplates } from '../tokenizer/chat-templates.ts'
import { renderChat } from '../tokenizer/render-chat.ts'
import { vocabularySearch } from '../tokenizer/vocabulary-search.ts'
import { timeFor } from './time-for.ts'
import { createTokenizers, type TokenizerSource } from './tokenizers.ts'

const limits = JSON.parse(process.argv[2]!) as ReaderLimits
const tokenizers = createTokenizers()
const onnxParts = createOnnxParts()

const work: Work<ReaderCalls> = {
  read: async ({ path, ...known }, signal) => packed(await readModel(path, known, signal)),
  lamellaFile: ({ folder }) => readLamellaFile(folder),
  async tokenizer(source) {
    const made = await tokenizers.of(source)
    if (made === null) return null
    const { kind, vocabularySize, notes, madeOf } = made
    return { kind, vocabularySize, notes, madeOf }
  },
  encode: async ({ from, text, specials }, signal) =>
    (await tokenizerOf(from)).encode(text, { specials, signal }),
  describe: async ({ from, ids }) => (await tokenizerOf(from)).describe(ids),
  explain: async ({ from, text }) => (await tokenizerOf(from)).explain(text),
  decode: async ({ from, ids }) => (await tokenizerOf(from)).decode(ids),
  chat: async ({ folder, request }) => renderChat(await readChatTemplates(folder), request),
  vocabulary: async ({ from, query, rows }) => (await searchOf(from, rows))(query),
  async mask({ from }) {
    const tokenizer = await tokenizerOf(from)
    for (let id = 0; id < tokenizer.vocabularySize; id++) {
      const [token] = tokenizer.describe([id])
      if (isMaskToken(token!)) return token!
    }
    return null
  },
  infer: ({ tensors, ...options }) => Promise.resolve(inferDescription(tensors, options)),
  onnxPart: source => onnxParts.of(source)
}

const tell = answerCalls<ReaderCalls>(work, {
  limits: { memory: limits.memory, time: request => timeFor(request, limits) },
  toError: thrown => shortened(toLamellaError(thrown))
})
onFileInHand(tell)

/** V8 repeats a whole pattern in what it says of it. */
function shortened({ code, message, hint, choices }: LamellaError): LamellaError {
  const short =
    message.length > 500 ? `${firstLetters(message, 200)} … ${message.slice(-100)}` : message
  return new LamellaError(code, short, hint, choices)
}

/** The vocabulary that was searched last: what is known of its tokens is found once. */
let searched: {
  readonly tokenizer: Tokenizer
  readonly rows: number | null
  readonly search: ReturnType<typeof vocabularySearch>
} | null = null

async function searchOf(source: TokenizerSource, rows: number | null) {
  const tokenizer = await tokenizerOf(source)
  if (searched?.tokenizer !== tokenizer || searched.rows !== rows)
    searched = { tokenizer, rows, search: vocabularySearch(tokenizer, rows) }
  return searched.search
}

async function tokenizerOf(source: TokenizerSource): Promise<Tokenizer> {
  const tokenizer = await tokenizers.of(source)
  if (tokenizer === null) throw new Error('There is no tokenizer')
  return tokenizer
}
