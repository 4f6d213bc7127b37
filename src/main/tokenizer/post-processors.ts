import { LamellaError } from '#common/model/errors.ts'
import { flatSteps, record, shown, type Step } from './definition.ts'

/** A piece and its id. */
export type PlacedPiece = readonly [piece: string, id: number]

/** Puts one token before a text and one after it. */
export function bertProcessing(before: PlacedPiece, after: PlacedPiece): Step {
  return { type: 'BertProcessing', cls: before, sep: after }
}

/** Puts tokens before and after a text, where there are any. */
export function template(
  before: readonly PlacedPiece[],
  after: readonly PlacedPiece[]
): Step | null {
  const all = [...before, ...after]
  if (all.length === 0) return null
  const special = ([id]: PlacedPiece) => ({ SpecialToken: { id, type_id: 0 } })
  return {
    type: 'TemplateProcessing',
    single: [...before.map(special), { Sequence: { id: 'A', type_id: 0 } }, ...after.map(special)],
    pair: [],
    special_tokens: Object.fromEntries(
      all.map(([piece, id]) => [piece, { id: piece, ids: [id], tokens: [piece] }])
    )
  }
}

/** The ids before and after a text. */
export type Surroundings = readonly [before: readonly number[], after: readonly number[]]

/**
 * What a post-processor puts before and after a text.
 * @param pieces [id]
 * @throws LamellaError when it is not known, leaves out the text, or adds what has no token
 */
export function surroundings(
  definition: Step | null,
  pieces: readonly (string | undefined)[]
): Surroundings {
  const known = (name: string, id: unknown): number => {
    if (typeof id === 'number' && pieces[id] !== undefined) return id
    return wrong(`adds ${shown(name)}, which is not in the vocabulary`)
  }
  return flatSteps(definition, 'processors').reduce<Surroundings>(
    ([before, after], step) => {
      const [outer, inner] = around(step, known)
      return [
        [...outer, ...before],
        [...after, ...inner]
      ]
    },
    [[], []]
  )
}

type Known = (name: string, id: unknown) => number

function around(step: Step, known: Known): Surroundings {
  switch (step.type) {
    case 'ByteLevel':
      return [[], []]
    case 'BertProcessing':
    case 'RobertaProcessing': {
      const side = (key: string) => {
        const [piece, id] = Array.isArray(step[key]) ? (step[key] as unknown[]) : []
        return [known(String(piece), id)]
      }
      return [side('cls'), side('sep')]
    }
    case 'TemplateProcessing':
      return fromTemplate(step, known)
    default:
      throw new LamellaError('unsupported', `unknown post-processor ${step.type}`)
  }
}

function fromTemplate(step: Step, known: Known): Surroundings {
  const parts = Array.isArray(step['single']) ? (step['single'] as unknown[]).map(record) : []
  const texts = parts.flatMap((part, index) => (part?.['Sequence'] ? [index] : []))
  const [at] = texts
  if (at === undefined) return wrong('leaves out the text')
  if (texts.length > 1) return wrong('has the text more than once')
  const specials = record(step['special_tokens'])
  const ids = (part: Record<string, unknown> | undefined) => {
    const name = String(record(part?.['SpecialToken'])?.['id'])
    const listed = record(specials?.[name])?.['ids']
    return (Array.isArray(listed) ? (listed as unknown[]) : [undefined]).map(id => known(name, id))
  }
  return [parts.slice(0, at).flatMap(ids), parts.slice(at + 1).flatMap(ids)]
}

function wrong(what: string): never {
  throw new LamellaError('file-invalid', `post_processor ${what}`)
}
