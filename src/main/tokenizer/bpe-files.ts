import type { Companions } from './companions.ts'
import {
  checkIdTable,
  checkSize,
  invalid,
  record,
  shown,
  type HiddenPiece,
  type Step,
  type TokenizerDefinition
} from './definition.ts'
import { bertProcessing, template } from './post-processors.ts'

/** Special tokens that GPT-2 and RoBERTa put in the vocabulary without declaring them. */
const usualSpecials = ['<|endoftext|>', '<s>', '</s>', '<pad>', '<unk>', '<mask>']

/**
 * A tokenizer from vocab.json and merges.txt: byte-level as GPT-2's, or, where pieces end in `</w>`, with
 * lower-cased words as GPT's.
 * @param modelType `model_type` of config.json
 */
export function bpeDefinition(
  vocabulary: unknown,
  mergeLines: readonly string[],
  companions: Companions,
  modelType: unknown
): TokenizerDefinition {
  const vocab = record(vocabulary) ?? invalid('vocab.json', 'expected an object')
  const pieces = checkIdTable(vocab, 'vocab.json')
  const ids = new Map(pieces.map(piece => [piece, vocab[piece] as number]))
  const added_tokens = companions.addedTokens(piece => ids.get(piece))
  const declared = new Set(added_tokens.map(token => token.content))
  const model = { type: 'BPE', vocab, merges: mergesOf(mergeLines) }
  const shared = {
    added_tokens,
    hidden: usualSpecials.flatMap((piece): HiddenPiece[] => {
      const id = ids.get(piece)
      return id === undefined || declared.has(piece) ? [] : [{ id, piece, special: true }]
    }),
    post_processor: around(companions, modelType, ids)
  }
  if (pieces.some(piece => piece.endsWith('</w>'))) return { ...words(model), ...shared }
  const step = {
    type: 'ByteLevel',
    add_prefix_space: companions.settings['add_prefix_space'] === true
  }
  return { model, normalizer: null, pre_tokenizer: step, decoder: step, ...shared }
}

function words(model: Step) {
  return {
    model: { ...model, end_of_word_suffix: '</w>', unk_token: '<unk>' },
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      lowercase: true
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    decoder: { type: 'BPEDecoder', suffix: '</w>' }
  }
}

function mergesOf(lines: readonly string[]): [string, string][] {
  const merges: [string, string][] = []
  lines.forEach((line, index) => {
    if (line === '' || (index === 0 && line.startsWith('#version'))) return
    const [left, right, ...rest] = line.split(' ')
    if (!left || !right || rest.length > 0)
      return invalid('merges.txt', `line ${index + 1}: expected two pieces, got ${shown(line)}`)
    merges.push([left, right])
  })
  checkSize(Math.max(1, merges.length), 'merges.txt')
  return merges
}

function around(
  companions: Companions,
  modelType: unknown,
  ids: ReadonlyMap<string, number>
): Step | null {
  if (modelType === 'roberta' && ids.has('<s>') && ids.has('</s>'))
    return bertProcessing(['<s>', ids.get('<s>')!], ['</s>', ids.get('</s>')!])
  const { settings } = companions
  const side = (flag: string, role: string) =>
    settings[flag] === true ? companions.placed([[role]], piece => ids.get(piece)) : []
  return template(side('add_bos_token', 'bos_token'), side('add_eos_token', 'eos_token'))
}
