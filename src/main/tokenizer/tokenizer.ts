import { bpeDefinition } from './bpe-files.ts'
import { characterDefinition } from './characters.ts'
import { readCompanions, type Companions } from './companions.ts'
import { parseDefinition, record, type TokenizerDefinition } from './definition.ts'
import { template } from './post-processors.ts'
import type { Folder } from '../files/folder.ts'
import { hasFile, readBytes, readJson, readLines } from './read-file.ts'
import { readSentencePiece } from './sentencepiece-model.ts'
import { sentencePieceDefinition } from './sentencepiece.ts'
import { characterFiles, sentencePieceFiles } from './tokenizer-files.ts'
import { definitionLimit, withinTime } from './time-limit.ts'
import { wordPieceDefinition } from './wordpiece-file.ts'
import { tokenizerOf, type Tokenizer } from './encoder.ts'

export type { Tokenizer }

/**
 * Opens the tokenizer of a model folder.
 * @param files names in it, relative
 * @param config its config.json
 * @returns null when the folder has none
 * @throws LamellaError when it has one that cannot be read
 */
export async function openTokenizer(
  folder: Folder,
  files: readonly string[],
  config: Readonly<Record<string, unknown>>
): Promise<Tokenizer | null> {
  const has = (name: string) => hasFile(files, name)
  const modelType = config['model_type']
  const companions = await readCompanions(folder, files)
  if (has('tokenizer.json')) {
    const definition = parseDefinition(await readJson(folder, 'tokenizer.json'), 'tokenizer.json')
    return tokenizerOf(withSettings(definition, companions), 'tokenizer.json')
  }
  const sentencePiece = sentencePieceFiles.find(has)
  if (sentencePiece !== undefined) {
    const model = readSentencePiece(await readBytes(folder, sentencePiece), sentencePiece)
    const definition = withinTime(definitionLimit, `${sentencePiece}: reading it`, () =>
      sentencePieceDefinition(model, companions, modelType, sentencePiece)
    )
    return tokenizerOf(definition, sentencePiece)
  }
  if (has('vocab.json') && has('merges.txt')) {
    const vocabulary = await readJson(folder, 'vocab.json')
    const merges = await readLines(folder, 'merges.txt')
    return tokenizerOf(bpeDefinition(vocabulary, merges, companions, modelType), 'vocab.json')
  }
  if (has('vocab.txt'))
    return tokenizerOf(
      wordPieceDefinition(await readLines(folder, 'vocab.txt'), companions),
      'vocab.txt'
    )
  for (const file of characterFiles.filter(has)) {
    const definition = characterDefinition(await readJson(folder, file), file)
    if (definition) return tokenizerOf(definition, file, 'characters')
  }
  return null
}

const startingClasses = /^(Llama|CodeLlama|Gemma)Tokenizer(Fast)?$/

/** What the files beside a tokenizer.json change of it, as `transformers` reads them. */
function withSettings(
  definition: TokenizerDefinition,
  companions: Companions
): TokenizerDefinition {
  const { add_bos_token: start, add_eos_token: end, tokenizer_class } = companions.settings
  if (typeof start !== 'boolean' || !startingClasses.test(String(tokenizer_class)))
    return definition
  const vocab = record(definition.model['vocab'])
  const idOf = (piece: string) => {
    const added = definition.added_tokens.find(({ content }) => content === piece)
    return added?.id ?? (vocab?.[piece] as number | undefined)
  }
  return {
    ...definition,
    post_processor: template(
      start ? companions.placed([['bos_token']], idOf) : [],
      end === true ? companions.placed([['eos_token']], idOf) : []
    )
  }
}
