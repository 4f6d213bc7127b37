import type { Question } from '#common/model/describe-reading.ts'

/** Asks for the vocabulary of a model that has none beside it. */
export function characterQuestion(value: string, dVocab: number): Question {
  return {
    id: 'characters',
    label: 'Characters',
    help: `No vocabulary lies beside the weights. Of a model of characters: the ${dVocab} that ids from 0 on stand for, in order. Without them a text is typed as token ids.`,
    kind: 'text',
    options: [],
    value,
    basis: 'open',
    answered: value !== ''
  }
}

/** What is wrong with the characters given for a vocabulary; null when nothing is. */
export function charactersProblem(characters: string, dVocab: number): string | null {
  const listed = [...characters]
  if (listed.length === 0) return null
  const twice = listed.find((character, i) => listed.indexOf(character) !== i)
  if (twice !== undefined) return `Characters: ${JSON.stringify(twice)} stands twice`
  if (listed.length === dVocab) return null
  return `Characters: ${listed.length} are given, and the vocabulary has ${dVocab}`
}
