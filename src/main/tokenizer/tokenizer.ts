import type { Folder } from '../files/folder.ts'
import { bpeDefinition, codesDefinition } from './bpe-files.ts'
import { characterDefinition } from './characters.ts'
import { readCompanions, type Companions } from './companions.ts'
import { parseDefinition } from './definition.ts'
import { tokenizerOf, type Tokenizer } from './encoder.ts'
import { LamellaError } from '#common/model/errors.ts'
import { hasFile, readBytes, readJson, readLines } from './read-file.ts'
import { readSentencePiece } from './sentencepiece-model.ts'
import { sentencePieceDefinition } from './sentencepiece.ts'
import { withSettings } from './settings.ts'
import { definitionLimit, withinTime } from './time-limit.ts'
import { classReading, ignoresJson, statedClass, type ClassReading } from './tokenizer-class.ts'
import { characterFiles, pairFiles, sentencePieceFiles } from './tokenizer-files.ts'
import { wordPieceDefinition } from './wordpiece-file.ts'

export type { Tokenizer }

/**
 * Opens the tokenizer of a model folder, as its class reads it.
 * @param files names in it, relative
 * @param config its config.json
 * @returns null when the folder has none
 * @throws LamellaError when it has one that cannot be read, or of a class that is not known
 */
export async function openTokenizer(
  folder: Folder,
  files: readonly string[],
  config: Readonly<Record<string, unknown>>
): Promise<Tokenizer | null> {
  const has = (name: string) => hasFile(files, name)
  const companions = await readCompanions(folder, files)
  const stated = statedClass(companions.settings, config)
  if (has('tokenizer.json') && !ignoresJson(stated)) {
    const definition = parseDefinition(await readJson(folder, 'tokenizer.json'), 'tokenizer.json')
    return tokenizerOf(withSettings(definition, companions, stated), 'tokenizer.json')
  }
  const place: Place = { folder, has, companions }
  if (stated === null || !hasVocabulary(has)) return (await guessed(place)) ?? characters(place)
  const reading = classReading(stated)
  const found = await readAs(place, reading)
  if (found !== null) return found
  // Nothing but the family of the model says it: the files may be of another class.
  if (stated.file === null) return (await guessed(place)) ?? characters(place)
  throw withoutFiles(stated.name, stated.file, reading)
}

/**
 * Why a folder in which no tokenizer is found has none: what its files name the class of.
 * @returns null where they name none
 */
export async function missingTokenizer(
  folder: Folder,
  files: readonly string[],
  config: Readonly<Record<string, unknown>>
): Promise<LamellaError | null> {
  const { settings } = await readCompanions(folder, files)
  const stated = statedClass(settings, config)
  if (stated === null || stated.file === null) return null
  try {
    return withoutFiles(stated.name, stated.file, classReading(stated))
  } catch (error) {
    if (error instanceof LamellaError) return error
    throw error
  }
}

function withoutFiles(name: string, file: string, { files }: ClassReading): LamellaError {
  return new LamellaError(
    'unsupported',
    `${file}: ${name}Tokenizer reads ${filesOf[files]}, which the folder does not have`,
    'Token ids can be typed by hand, or a tokenizer.json put beside it.'
  )
}

/** A folder, its files by their names, and what those beside a vocabulary say. */
interface Place {
  readonly folder: Folder
  readonly has: (name: string) => boolean
  readonly companions: Companions
}

const filesOf: Readonly<Record<ClassReading['files'], string>> = {
  pairs: 'vocab.json and merges.txt',
  pieces: 'vocab.txt',
  codes: 'vocab.txt and bpe.codes',
  sentencepiece: 'a SentencePiece model'
}

function hasVocabulary(has: Place['has']): boolean {
  const names = ['vocab.txt', 'vocab.json', ...pairFiles.flat(), ...sentencePieceFiles]
  return names.some(has)
}

async function readAs(place: Place, reading: ClassReading): Promise<Tokenizer | null> {
  const { folder, has, companions } = place
  switch (reading.files) {
    case 'sentencepiece':
      return sentencePiece(place, reading.style)
    case 'pairs':
      return pairs(place, reading.style)
    case 'pieces':
      return has('vocab.txt') ? pieces(place, reading.style) : null
    case 'codes': {
      if (!has('vocab.txt') || !has('bpe.codes')) return null
      if (companions.settings['normalization'] === true)
        throw new LamellaError(
          'unsupported',
          'tokenizer_config.json: tweets are rewritten before they are split (normalization), which is not read',
          'Token ids can be typed by hand.'
        )
      const lines = await readLines(folder, 'vocab.txt')
      const codes = await readLines(folder, 'bpe.codes')
      return tokenizerOf(codesDefinition(lines, codes, companions), 'vocab.txt', 'BPE')
    }
  }
}

/** By what files there are, where nothing says the class. */
async function guessed(place: Place): Promise<Tokenizer | null> {
  return (
    (await sentencePiece(place, 'plain')) ??
    (await pairs(place, null)) ??
    (place.has('vocab.txt') ? await pieces(place, null) : null)
  )
}

async function sentencePiece(
  { folder, has, companions }: Place,
  style: Extract<ClassReading, { files: 'sentencepiece' }>['style']
): Promise<Tokenizer | null> {
  const file = sentencePieceFiles.find(has)
  if (file === undefined) return null
  const model = readSentencePiece(await readBytes(folder, file), file)
  // M2M-100 alone keeps the ids of its pieces in a file of their own.
  const isNumbered = style === 'm2m100'
  if (isNumbered && !has('vocab.json')) return null
  const vocabulary = isNumbered
    ? { ids: await readJson(folder, 'vocab.json'), file: 'vocab.json' }
    : null
  const definition = withinTime(definitionLimit, `${file}: reading it`, () =>
    sentencePieceDefinition(model, companions, style, file, vocabulary)
  )
  return tokenizerOf(definition, file)
}

async function pairs(
  { folder, has, companions }: Place,
  style: Extract<ClassReading, { files: 'pairs' }>['style'] | null
): Promise<Tokenizer | null> {
  const names = pairFiles.find(files => files.every(has))
  if (names === undefined) return null
  const vocabulary = await readJson(folder, names[0])
  const merges = await readLines(folder, names[1])
  const definition = bpeDefinition({ vocabulary, merges, names }, companions, style)
  return tokenizerOf(definition, names[0], 'BPE')
}

async function pieces(
  { folder, companions }: Place,
  style: Extract<ClassReading, { files: 'pieces' }>['style'] | null
): Promise<Tokenizer> {
  const lines = await readLines(folder, 'vocab.txt')
  return tokenizerOf(wordPieceDefinition(lines, companions, style), 'vocab.txt')
}

async function characters({ folder, has }: Place): Promise<Tokenizer | null> {
  for (const file of characterFiles.filter(has)) {
    const definition = characterDefinition(await readJson(folder, file), file)
    if (definition) return tokenizerOf(definition, file, 'characters')
  }
  return null
}
