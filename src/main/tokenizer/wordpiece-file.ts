import { withUsual } from './bpe-files.ts'
import type { Companions } from './companions.ts'
import { checkSize, type TokenizerDefinition } from './definition.ts'
import { LamellaError } from '#common/model/errors.ts'
import { template } from './post-processors.ts'
import type { PieceStyle } from './tokenizer-class.ts'

const styles = {
  bert: { cls: '[CLS]', sep: '[SEP]', unk: '[UNK]', others: ['[PAD]', '[MASK]'] },
  mpnet: { cls: '<s>', sep: '</s>', unk: '[UNK]', others: ['<pad>', '<mask>'] },
  funnel: { cls: '<cls>', sep: '<sep>', unk: '<unk>', others: ['<pad>', '<mask>', '<s>', '</s>'] }
} as const

/**
 * A WordPiece tokenizer from vocab.txt, one piece a line, with BERT's defaults for the rest.
 * @param style null where no class says how it is read
 * @throws LamellaError `unsupported` when its pieces are of another kind
 */
export function wordPieceDefinition(
  lines: readonly string[],
  companions: Companions,
  style: PieceStyle | null
): TokenizerDefinition {
  checkSize(lines.length, 'vocab.txt')
  if (style === null) checkKind(lines)
  const ids = new Map(lines.map((piece, id) => [piece, id]))
  const { settings } = companions
  const { cls, sep, unk, others } = styles[style ?? 'bert']
  const idOf = (piece: string) => ids.get(piece)
  const declared = companions.addedTokens(idOf)
  const around = [
    companions.placed([['cls_token', cls]], idOf),
    companions.placed([['sep_token', sep]], idOf)
  ] as const
  const { do_lower_case: saidCase } = settings
  const isGuess = typeof saidCase !== 'boolean' && style === null && cased(lines)
  const isWhole = around.every(([piece]) => piece !== undefined && piece[1] >= 0)
  return {
    model: {
      type: 'WordPiece',
      vocab: Object.fromEntries(ids),
      unk_token: companions.roleToken('unk_token') ?? unk,
      continuing_subword_prefix: settings['wordpieces_prefix'] ?? '##',
      max_input_chars_per_word: 100
    },
    added_tokens: withUsual(declared, [cls, sep, unk, ...others], idOf),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: settings['clean_text'] !== false,
      handle_chinese_chars: settings['tokenize_chinese_chars'] !== false,
      strip_accents: settings['strip_accents'] ?? null,
      lowercase: typeof saidCase === 'boolean' ? saidCase : !isGuess
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: isWhole ? template(...around) : null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    notes: isGuess ? [keptCase] : []
  }
}

const keptCase =
  'Letters keep their case, for the vocabulary has capitalised words; do_lower_case in tokenizer_config.json would say it.'

/** A vocabulary with capitalised words is of no use to a text in lower case. */
function cased(lines: readonly string[]): boolean {
  return lines.some(line => /^\p{Lu}\p{Ll}+$/u.test(line))
}

/** Where nothing says how pieces are read, those of other kinds are not taken for WordPiece's. */
function checkKind(lines: readonly string[]): void {
  const kinds = [
    [/^▁/, 'SentencePiece pieces, whose model is not here'],
    [/@@$/, 'fastBPE pieces, whose codes are not here'],
    [/^\S+ \d+$/, 'a fairseq dictionary']
  ] as const
  for (const [mark, what] of kinds) {
    const marked = lines.filter(line => mark.test(line)).length
    if (marked > lines.length / 10 && !lines.some(line => line.startsWith('##')))
      throw new LamellaError(
        'unsupported',
        `vocab.txt: holds ${what}`,
        'Token ids can be typed by hand, or a tokenizer.json put beside it.'
      )
  }
}
