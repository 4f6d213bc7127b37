import { LamellaError } from '#common/model/errors.ts'
import { charactersToBytes, fallbackByte } from './byte-level.ts'
import { flatSteps, type Step } from './definition.ts'
import { matchesOf, patternOf } from './patterns.ts'

/** Makes what a text is read from of the pieces of its tokens. */
type Decoder = (pieces: readonly string[]) => string[]

/**
 * How pieces become a text, after the decoder of a definition; without one they stand with spaces between them.
 * @throws LamellaError `unsupported` naming a type that is not known
 */
export function textDecoder(definition: Step | null): (pieces: readonly string[]) => string {
  if (definition === null) return pieces => pieces.join(' ')
  const steps = flatSteps(definition, 'decoders').map(decoderOf)
  return pieces =>
    steps.reduce<readonly string[]>((current, apply) => apply(current), pieces).join('')
}

function decoderOf(step: Step): Decoder {
  switch (step.type) {
    case 'ByteLevel':
      return pieces => [decoded(pieces.flatMap(charactersToBytes))]
    case 'ByteFallback':
      return fromBytes
    case 'Fuse':
      return pieces => [pieces.join('')]
    case 'Replace': {
      const pattern = patternOf(step)
      const content = textOf(step['content'], '')
      return pieces => pieces.map(piece => replaced(piece, pattern, content))
    }
    case 'Strip': {
      const content = textOf(step['content'], ' ')
      const [start, stop] = [Number(step['start'] ?? 0), Number(step['stop'] ?? 0)]
      return pieces => pieces.map(piece => stripped(piece, content, start, stop))
    }
    case 'Metaspace': {
      const mark = textOf(step['replacement'], '▁')
      const isMarked = step['prepend_scheme'] !== 'never' && step['add_prefix_space'] !== false
      return pieces =>
        pieces.map((piece, at) => piece.replaceAll(mark, at === 0 && isMarked ? '' : ' '))
    }
    case 'WordPiece': {
      const prefix = textOf(step['prefix'], '##')
      const cleans = step['cleanup'] !== false
      return pieces =>
        pieces.map((piece, at) => {
          const goesOn = piece.startsWith(prefix)
          const joined = at === 0 ? piece : goesOn ? piece.slice(prefix.length) : ` ${piece}`
          return cleans ? tidied(joined) : joined
        })
    }
    case 'BPEDecoder': {
      const suffix = textOf(step['suffix'], '</w>')
      return pieces =>
        pieces.map((piece, at) => piece.replaceAll(suffix, at === pieces.length - 1 ? '' : ' '))
    }
    case 'CTC':
      return ctc(step)
    default:
      throw new LamellaError('unsupported', `unknown decoder ${step.type}`)
  }
}

function textOf(value: unknown, usually: string): string {
  return typeof value === 'string' ? value : usually
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function decoded(bytes: readonly number[]): string {
  return decoder.decode(Uint8Array.from(bytes))
}

/** Runs of bytes as the text they are; where they are none, each byte as a sign of that. */
function fromBytes(pieces: readonly string[]): string[] {
  const texts: string[] = []
  let bytes: number[] = []
  const flush = () => {
    const text = decoded(bytes)
    const isText = Buffer.from(text).equals(Uint8Array.from(bytes))
    if (isText) texts.push(text)
    else texts.push(...bytes.map(() => '\ufffd'))
    bytes = []
  }
  for (const piece of pieces) {
    const byte = fallbackByte(piece)
    if (byte !== null) bytes.push(byte)
    else {
      if (bytes.length > 0) flush()
      texts.push(piece)
    }
  }
  if (bytes.length > 0) flush()
  return texts
}

function replaced(piece: string, pattern: RegExp, content: string): string {
  let text = ''
  let done = 0
  for (const { from, to } of matchesOf(piece, pattern)) {
    text += piece.slice(done, from) + content
    done = to
  }
  return text + piece.slice(done)
}

function stripped(piece: string, content: string, start: number, stop: number): string {
  const all = [...piece]
  let from = 0
  while (from < start && all[from] === content) from++
  let to = all.length
  while (all.length - to < stop && all[to - 1] === content) to--
  return all.slice(from, to).join('')
}

/** Without the spaces that splitting put around marks. */
function tidied(text: string): string {
  return text
    .replaceAll(' .', '.')
    .replaceAll(' ?', '?')
    .replaceAll(' !', '!')
    .replaceAll(' ,', ',')
    .replaceAll(" ' ", "'")
    .replaceAll(" n't", "n't")
    .replaceAll(" 'm", "'m")
    .replaceAll(' do not', " don't")
    .replaceAll(" 's", "'s")
    .replaceAll(" 've", "'ve")
    .replaceAll(" 're", "'re")
}

/** What is said several times in a row counts once. */
function ctc(step: Step): Decoder {
  const pad = textOf(step['pad_token'], '<pad>')
  const delimiter = textOf(step['word_delimiter_token'], '|')
  const cleans = step['cleanup'] !== false
  return pieces =>
    pieces
      .filter((piece, at) => piece !== pieces[at - 1])
      .map(piece => piece.replaceAll(pad, ''))
      .map(piece => (cleans ? tidied(piece).replaceAll(delimiter, ' ') : piece))
      .filter(piece => piece !== '')
}
