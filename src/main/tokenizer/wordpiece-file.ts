import type { Companions } from './companions.ts'
import { addedToken, checkSize, type TokenizerDefinition } from './definition.ts'
import { bertProcessing } from './post-processors.ts'

const usualSpecials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']

/** A WordPiece tokenizer from vocab.txt, one piece a line, with BERT's defaults for the rest. */
export function wordPieceDefinition(
  lines: readonly string[],
  companions: Companions
): TokenizerDefinition {
  checkSize(lines.length, 'vocab.txt')
  const ids = new Map(lines.map((piece, id) => [piece, id]))
  const { settings } = companions
  const idOf = (piece: string) => ids.get(piece)
  const usual = usualSpecials.flatMap(piece => {
    const id = idOf(piece)
    return id === undefined ? [] : [addedToken(id, piece, { special: true })]
  })
  const declared = companions.addedTokens(idOf)
  const names = new Set(declared.map(token => token.content))
  const role = (name: string, usually: string) => {
    const piece = companions.roleToken(name) ?? usually
    const id = idOf(piece)
    return id === undefined ? undefined : ([piece, id] as const)
  }
  const [before, after] = [role('cls_token', '[CLS]'), role('sep_token', '[SEP]')]
  return {
    model: {
      type: 'WordPiece',
      vocab: Object.fromEntries(ids),
      unk_token: companions.roleToken('unk_token') ?? '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100
    },
    added_tokens: [...usual.filter(token => !names.has(token.content)), ...declared],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: settings['tokenize_chinese_chars'] !== false,
      strip_accents: settings['strip_accents'] ?? null,
      lowercase:
        typeof settings['do_lower_case'] === 'boolean' ? settings['do_lower_case'] : !cased(lines)
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: before && after ? bertProcessing(before, after) : null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true }
  }
}

/** A vocabulary with capitalised words is of no use to a text in lower case. */
function cased(lines: readonly string[]): boolean {
  return lines.some(line => /^\p{Lu}\p{Ll}+$/u.test(line))
}
