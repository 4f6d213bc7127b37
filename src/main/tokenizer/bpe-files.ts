import type { Companions } from './companions.ts'
import {
  addedToken,
  checkIdTable,
  checkIds,
  checkSize,
  invalid,
  record,
  shown,
  type AddedToken,
  type TokenizerDefinition
} from './definition.ts'
import { joinedWords, pairSteps, type Role } from './pair-styles.ts'
import { bertProcessing, template, type PlacedPiece } from './post-processors.ts'
import type { PairStyle } from './tokenizer-class.ts'

/** A vocabulary and its merges, and the names of the files that they are in. */
export interface PairFiles {
  readonly vocabulary: unknown
  readonly merges: readonly string[]
  readonly names: readonly [vocabulary: string, merges: string]
}

/** Special tokens that GPT-2 and RoBERTa put in the vocabulary without declaring them. */
const usualSpecials = ['<|endoftext|>', '<s>', '</s>', '<pad>', '<unk>', '<mask>']

/**
 * A tokenizer from vocab.json and merges.txt, or encoder.json and vocab.bpe.
 * @param style null where no class says how they are read: byte by byte as GPT-2's, or, where pieces end in `</w>`, as lower-cased
 * words of GPT
 */
export function bpeDefinition(
  { vocabulary, merges, names: [file, mergesFile] }: PairFiles,
  companions: Companions,
  style: PairStyle | null
): TokenizerDefinition {
  const vocab = record(vocabulary) ?? invalid(file, 'expected an object')
  const pieces = checkIdTable(vocab, file)
  const ids = new Map(pieces.map(piece => [piece, vocab[piece] as number]))
  const { settings } = companions
  const looks = pieces.some(piece => piece.endsWith('</w>')) ? 'gpt' : 'gpt2'
  const steps = pairSteps(style ?? looks, settings)
  const declared = companions.addedTokens(piece => ids.get(piece))
  const specials = style === null ? [] : steps.specials
  const added_tokens = withUsual(declared, specials, piece => ids.get(piece))
  const names = new Set(added_tokens.map(token => token.content))
  const idOf = (piece: string) =>
    added_tokens.find(({ content }) => content === piece)?.id ?? ids.get(piece)
  const side = (flag: string, role: string) =>
    settings[flag] === true ? companions.placed([[role]], idOf) : []
  const around = (roles: readonly Role[]) => companions.placed(roles, idOf)
  return {
    model: {
      type: 'BPE',
      ...steps.model,
      ...unknownOf(steps.model['unk_token'], companions, ids),
      vocab,
      merges: mergesOf(merges, mergesFile)
    },
    normalizer: steps.normalizer,
    pre_tokenizer: steps.pre_tokenizer,
    decoder: steps.decoder,
    added_tokens,
    hidden: usualSpecials.flatMap(piece => {
      const id = ids.get(piece)
      return id === undefined || names.has(piece) ? [] : [{ id, piece, special: true }]
    }),
    post_processor: template(
      steps.before.length > 0 ? around(steps.before) : side('add_bos_token', 'bos_token'),
      steps.after.length > 0 ? around(steps.after) : side('add_eos_token', 'eos_token')
    )
  }
}

function unknownOf(
  usually: unknown,
  companions: Companions,
  ids: ReadonlyMap<string, number>
): { readonly unk_token?: string | null } {
  if (typeof usually !== 'string') return {}
  const piece = companions.roleToken('unk_token') ?? usually
  return { unk_token: ids.has(piece) ? piece : null }
}

/** Declared tokens, and usual ones that the vocabulary has; a mask takes the white space before it. */
export function withUsual(
  declared: readonly AddedToken[],
  usual: readonly string[],
  idOf: (piece: string) => number | undefined,
  mask = '<mask>'
): AddedToken[] {
  const names = new Set(declared.map(token => token.content))
  const others = usual.flatMap(piece => {
    const id = idOf(piece)
    if (id === undefined || names.has(piece)) return []
    return [addedToken(id, piece, { special: true, lstrip: piece === mask })]
  })
  return [...others, ...declared]
}

/** The special tokens of fairseq, before all others. */
const fairseq = ['<s>', '<pad>', '</s>', '<unk>']

/**
 * A tokenizer from a fairseq dictionary, `piece count` a line, and the codes of fastBPE.
 * @param lines of vocab.txt
 * @param codes of bpe.codes: the two that are joined, and how often
 */
export function codesDefinition(
  lines: readonly string[],
  codes: readonly string[],
  companions: Companions
): TokenizerDefinition {
  const words = lines.map((line, index) => {
    const at = line.trimEnd().lastIndexOf(' ')
    if (at < 0) invalid('vocab.txt', `line ${index + 1}: expected a piece and its count`)
    return line.slice(0, at).trim()
  })
  checkSize(words.length, 'vocab.txt')
  const ids = new Map([...fairseq, ...words].map((piece, id) => [piece, id]))
  const mask = companions.roleToken('mask_token') ?? '<mask>'
  const idOf = (piece: string) => ids.get(piece) ?? (piece === mask ? ids.size : undefined)
  checkIds([...ids], 'vocab.txt')
  const declared = companions.addedTokens(idOf)
  const around = (role: string, usually: string): PlacedPiece =>
    companions.placed([[role, usually]], idOf)[0]!
  return {
    model: {
      type: 'FastBPE',
      vocab: Object.fromEntries(ids),
      merges: mergesOf(
        codes.map(line => line.trim().replace(/\s+\d+$/, '')),
        'bpe.codes'
      ),
      unk_token: companions.roleToken('unk_token') ?? '<unk>'
    },
    normalizer: null,
    ...joinedWords,
    added_tokens: withUsual(declared, [...fairseq, mask], idOf),
    post_processor: bertProcessing(around('cls_token', '<s>'), around('sep_token', '</s>'))
  }
}

function mergesOf(lines: readonly string[], file: string): [string, string][] {
  const merges: [string, string][] = []
  lines.forEach((line, index) => {
    if (line === '' || (index === 0 && line.startsWith('#version'))) return
    const [left, right, ...rest] = line.split(' ')
    if (!left || !right || rest.length > 0)
      return invalid(file, `line ${index + 1}: expected two pieces, got ${shown(line)}`)
    merges.push([left, right])
  })
  checkSize(Math.max(1, merges.length), file)
  return merges
}
