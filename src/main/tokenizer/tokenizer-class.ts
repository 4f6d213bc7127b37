import { LamellaError } from '#common/model/errors.ts'

/** How the files of a class are read: the files, and which of their readings. */
export type ClassReading =
  | { readonly files: 'pairs'; readonly style: PairStyle }
  | { readonly files: 'pieces'; readonly style: PieceStyle }
  | { readonly files: 'codes' }
  | { readonly files: 'sentencepiece'; readonly style: SentencePieceStyle }

export type PairStyle =
  | 'gpt2'
  | 'roberta'
  | 'blenderbot'
  | 'deberta'
  | 'whisper'
  | 'qwen2'
  | 'neox'
  | 'clip'
  | 'gpt'
  | 'herbert'
  | 'ctrl'
export type PieceStyle = 'bert' | 'mpnet' | 'funnel'
export type SentencePieceStyle =
  | 'plain'
  | 't5'
  | 'albert'
  | 'xlnet'
  | 'big-bird'
  | 'deberta-v2'
  | 'xlm-roberta'
  | 'camembert'
  | 'xglm'
  | 'mbart'
  | 'mbart50'
  | 'm2m100'
  | 'pegasus'
  | 'rembert'
  | 'fnet'

/** A class that `transformers` has, and who says so. */
export interface StatedClass {
  /** Without `Fast` at its end. */
  readonly name: string
  /** The file that names it; null where the family of the model does. */
  readonly file: string | null
}

const pairs = (style: PairStyle): ClassReading => ({ files: 'pairs', style })
const pieces = (style: PieceStyle): ClassReading => ({ files: 'pieces', style })
const sentencePiece = (style: SentencePieceStyle): ClassReading => ({
  files: 'sentencepiece',
  style
})

/** By the start of their names, which end in `Tokenizer`. */
const classes: Readonly<Record<string, ClassReading>> = {
  ...readAs(pairs('gpt2'), 'GPT2 CodeGen OPT'),
  ...readAs(pairs('roberta'), 'Roberta Bart Longformer LED Mvp'),
  Blenderbot: pairs('blenderbot'),
  Deberta: pairs('deberta'),
  Whisper: pairs('whisper'),
  Qwen2: pairs('qwen2'),
  GPTNeoX: pairs('neox'),
  CLIP: pairs('clip'),
  OpenAIGPT: pairs('gpt'),
  Herbert: pairs('herbert'),
  CTRL: pairs('ctrl'),
  ...readAs(
    pieces('bert'),
    'Bert DistilBert Electra MobileBert ConvBert LayoutLM Lxmert SqueezeBert Retribert Realm ' +
      'DPRQuestionEncoder DPRContextEncoder DPRReader'
  ),
  MPNet: pieces('mpnet'),
  Funnel: pieces('funnel'),
  Phobert: { files: 'codes' },
  Bertweet: { files: 'codes' },
  ...readAs(sentencePiece('plain'), 'Llama CodeLlama Gemma Reformer'),
  ...readAs(sentencePiece('t5'), 'T5 MT5'),
  Albert: sentencePiece('albert'),
  XLNet: sentencePiece('xlnet'),
  BigBird: sentencePiece('big-bird'),
  DebertaV2: sentencePiece('deberta-v2'),
  XLMRoberta: sentencePiece('xlm-roberta'),
  Camembert: sentencePiece('camembert'),
  XGLM: sentencePiece('xglm'),
  MBart: sentencePiece('mbart'),
  MBart50: sentencePiece('mbart50'),
  M2M100: sentencePiece('m2m100'),
  Pegasus: sentencePiece('pegasus'),
  RemBert: sentencePiece('rembert'),
  FNet: sentencePiece('fnet')
}

function readAs(reading: ClassReading, names: string): Record<string, ClassReading> {
  return Object.fromEntries(names.split(' ').map(name => [name, reading]))
}

/** Why some classes are not read. */
const needs: Readonly<Record<string, string>> = {
  BertJapanese: 'it splits words with MeCab, Sudachi or Juman++',
  Cpm: 'it splits words with Jieba',
  RoFormer: 'it splits words with Jieba',
  XLM: 'it splits words with Moses',
  Flaubert: 'it splits words with Moses',
  BioGpt: 'it splits words with Moses',
  FSMT: 'it splits words with Moses'
}

/** Classes that `transformers` has no other reading of, so that a tokenizer.json counts for nothing. */
const withoutJson = ['BertJapanese', 'Phobert', 'Bertweet', 'CTRL', ...Object.keys(needs)]

/** Families whose class is another than their files look like. */
const byFamily: Readonly<Record<string, string>> = {
  gpt2: 'GPT2',
  gptj: 'GPT2',
  gpt_neo: 'GPT2',
  opt: 'OPT',
  codegen: 'CodeGen',
  gpt_neox: 'GPTNeoX',
  qwen2: 'Qwen2',
  qwen2_moe: 'Qwen2',
  qwen3: 'Qwen2',
  qwen3_moe: 'Qwen2',
  roberta: 'Roberta',
  bart: 'Bart',
  longformer: 'Longformer',
  led: 'LED',
  blenderbot: 'Blenderbot',
  deberta: 'Deberta',
  'deberta-v2': 'DebertaV2',
  whisper: 'Whisper',
  clip: 'CLIP',
  clip_text_model: 'CLIP',
  'openai-gpt': 'OpenAIGPT',
  ctrl: 'CTRL',
  mpnet: 'MPNet',
  funnel: 'Funnel',
  t5: 'T5',
  mt5: 'MT5',
  albert: 'Albert',
  xlnet: 'XLNet',
  big_bird: 'BigBird',
  'xlm-roberta': 'XLMRoberta',
  camembert: 'Camembert',
  xglm: 'XGLM',
  xlm: 'XLM',
  flaubert: 'Flaubert',
  biogpt: 'BioGpt',
  fsmt: 'FSMT',
  roformer: 'RoFormer',
  mbart: 'MBart',
  m2m_100: 'M2M100',
  pegasus: 'Pegasus',
  bigbird_pegasus: 'Pegasus',
  rembert: 'RemBert',
  fnet: 'FNet',
  marian: 'Marian'
}

/** Names that say nothing of how files are read. */
const general = ['PreTrained', 'Tokenizers', 'PreTrainedBackend']

/** The class of a tokenizer as its settings say, config.json, or the family; null where none does. */
export function statedClass(
  settings: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>
): StatedClass | null {
  for (const [stated, file] of [
    [settings['tokenizer_class'], 'tokenizer_config.json'],
    [config['tokenizer_class'], 'config.json']
  ] as const) {
    if (typeof stated !== 'string' || stated === 'TokenizersBackend') continue
    const name = stated.replace(/Fast$/, '').replace(/Tokenizer$/, '')
    if (!general.includes(name)) return { name, file }
  }
  const family = byFamily[String(config['model_type'])]
  return family === undefined ? null : { name: family, file: null }
}

/** Classes that have no files but a tokenizer.json that are read. */
const ofJson =
  'Bloom Cohere Cohere2 Splinter Nllb NllbMoe Barthez BlenderbotSmall LayoutLMv2 ' +
  'LayoutLMv3 LayoutXLM MarkupLM Udop Seamless SeamlessM4T Gemma3 Llama4 Mistral Qwen3 Parakeet Nougat GPTNeoXJapanese ModernBert'

/** Whether a class is one that this knows, also by its tokenizer.json alone. */
export function isKnown({ name }: StatedClass): boolean {
  return Object.hasOwn(classes, name) || ofJson.split(' ').includes(name)
}

/** Whether a class is read of its own files though there is a tokenizer.json. */
export function ignoresJson(stated: StatedClass | null): boolean {
  return stated !== null && stated.file !== null && withoutJson.includes(stated.name)
}

/**
 * How the files of a class are read.
 * @throws LamellaError `unsupported` naming a class that is not read
 */
export function classReading({ name, file }: StatedClass): ClassReading {
  const reading = Object.hasOwn(classes, name) ? classes[name] : undefined
  if (reading) return reading
  const why = Object.hasOwn(needs, name) ? `: ${needs[name]}` : ' from its vocabulary files'
  throw new LamellaError(
    'unsupported',
    `${file ?? 'config.json'}: the tokenizer class ${name}Tokenizer is not read${why}`,
    withoutJson.includes(name)
      ? 'Token ids can be typed by hand.'
      : 'Token ids can be typed by hand, or a tokenizer.json put beside it.'
  )
}
