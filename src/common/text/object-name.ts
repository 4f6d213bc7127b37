import type { ModelRef } from '../model/model-ref.ts'
import type { Note } from '../model/session.ts'
import { kindOf, subjectModel, type Subject } from '../model/subject.ts'
import { inputLine } from './input-text.ts'
import { visibleText } from './visible-text.ts'
import { firstLetters } from './cut-short.ts'

/** What a model is called. */
export type NameOfModel = (ref: ModelRef) => string

/** What an object is called, such as `Head 2.1`. */
export function objectName(subject: Subject, nameOf: NameOfModel): string {
  const { layer, head, query, key, neuron, tensor } = subject.at
  switch (kindOf(subject)) {
    case 'tensor':
      return visibleText(tensor!)
    case 'neuron':
      return `Neuron ${layer}.${neuron}`
    case 'cell':
      return `Head ${layer}.${head}, ${query} → ${key}`
    case 'head':
      return `Head ${layer}.${head}`
    case 'block':
      return `Block ${layer}`
    case 'token':
      return `Token ${query}`
    case 'run':
      return 'run' in subject ? firstLetters(inputLine(subject.run.input), 40) : ''
    case 'model':
      return nameOf(subjectModel(subject))
  }
}

/**
 * What a note is of, in words.
 * @param nameOfTab what a tab is called; null for one that is closed
 */
export function notePlaceText(
  on: Note['on'],
  nameOf: NameOfModel,
  nameOfTab: (id: string) => string | null
): string {
  if (on === null) return 'Session'
  if ('tab' in on) return nameOfTab(on.tab) ?? 'A tab that is closed'
  const name = objectName(on, nameOf)
  const isWhole = kindOf(on) === 'model' || kindOf(on) === 'run'
  return isWhole ? name : `${name} · ${nameOf(subjectModel(on))}`
}
