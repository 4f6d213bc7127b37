/** The names SentencePiece models go by, in the order they are looked for. */
export const sentencePieceFiles = [
  'tokenizer.model',
  'spiece.model',
  'sentencepiece.bpe.model',
  'sentencepiece.model',
  'spm.model'
]

/** A vocabulary and its merges, as `transformers` and as OpenAI call them. */
export const pairFiles = [
  ['vocab.json', 'merges.txt'],
  ['encoder.json', 'vocab.bpe']
] as const

/** Files that may hold a vocabulary of characters, in the order they are looked for. */
export const characterFiles = ['vocab.json', 'stoi.json', 'itos.json', 'meta.json']

/** What a tokenizer may be made of. */
export const tokenizerFiles: readonly string[] = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  ...sentencePieceFiles,
  ...pairFiles.flat(),
  'vocab.txt',
  'bpe.codes',
  'meta.pkl',
  ...characterFiles
]
