import { z } from 'zod'
import { Json } from '../model/json.ts'
import { elementCount } from '../model/tensor.ts'

/** Numbers of a variable: counts and ids as int32, all else as floating point; NaN where nothing is defined. */
export type NumberArray = Float32Array | Float64Array | Int32Array

const NumberArray = z.custom<NumberArray>(
  value =>
    value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array,
  'expected an array of float32, float64 or int32'
)

/** One axis: as long as its labels, where it has some. */
export const Axis = z.object({
  length: z.int().min(0),
  /** What stands at each place, such as a token's text; null where the index says it all. */
  labels: z.array(z.string()).nullable().default(null)
})
export type Axis = z.infer<typeof Axis>

/** Names become entries of archives and columns of tables: letters, digits, `_` and dots between them. */
const Name = z.string().regex(/^\w+(\.\w+)*$/, 'expected a name of letters, digits, _ and dots')

/** Which part it is of a variable whose other axes are not alike at each place along the first, so that it is no one array. */
const Part = z.object({
  /** That variable, and its axes. */
  of: Name,
  axes: z.array(Name).min(1),
  /** The place along the first of them. */
  at: z.int().min(0)
})

export const Variable = z.object({
  /** Names of its axes, the outermost first; none for a single number. */
  axes: z.array(z.string()),
  /** Row-major. */
  data: NumberArray,
  /** Such as `nats`; empty for a plain number. */
  unit: z.string().default(''),
  /** Its formula or what it counts, in a line. */
  about: z.string().default(''),
  part: Part.exactOptional(),
  /** That a figure draws it, where its dataset is one's. */
  drawn: z.literal(true).exactOptional()
})
export type Variable = z.infer<typeof Variable>

/**
 * Named arrays over named axes. Every analysis gives one, so that saving, keeping and tabulating are each written
 * once.
 * @source the data model of xarray.Dataset
 */
export const Dataset = z
  .object({
    axes: z.record(Name, Axis),
    variables: z.record(Name, Variable),
    /** What is true of all of it: the model, the params, what was left out. */
    attributes: z.record(Name, Json).default({})
  })
  .superRefine((dataset, context) => {
    const fault = firstFault(dataset)
    if (fault !== null) context.addIssue({ code: 'custom', message: fault })
  })
export type Dataset = z.infer<typeof Dataset>

/** A dataset is not what it says it is. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError'
}

/** An axis of some length, with labels or without. */
export function axis(of: number | readonly string[]): Axis {
  return typeof of === 'number'
    ? { length: of, labels: null }
    : { length: of.length, labels: [...of] }
}

/** A dataset, once its variables are seen to fit their axes. @throws DatasetError naming the first that does not */
export function dataset(
  axes: Dataset['axes'],
  variables: Dataset['variables'],
  attributes: Dataset['attributes'] = {}
): Dataset {
  const fault = firstFault({ axes, variables })
  if (fault !== null) throw new DatasetError(fault)
  return { axes, variables, attributes }
}

/** The same, of which a figure draws some variables: those of the names that it has. */
export function withDrawn(whole: Dataset, names: readonly string[]): Dataset {
  const { variables } = whole
  const drawn = names
    .filter(name => Object.hasOwn(variables, name))
    .map(name => [name, { ...variables[name]!, drawn: true as const }] as const)
  return { ...whole, variables: { ...variables, ...Object.fromEntries(drawn) } }
}

/** @throws DatasetError when there is no variable of that name */
export function variable({ variables }: Dataset, name: string): Variable {
  if (Object.hasOwn(variables, name)) return variables[name]!
  throw new DatasetError(
    `${name}: there is no such variable, but ${Object.keys(variables).join(', ')}`
  )
}

/** What the variables are that say it, by their names, for files that hold numbers alone. */
export function descriptions({
  variables
}: Pick<Dataset, 'variables'>): Record<string, Omit<Variable, 'axes' | 'data'>> {
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([, { unit, about, part, drawn }]) => unit !== '' || about !== '' || part || drawn)
      .map(([name, { unit, about, part, drawn }]) => [
        name,
        { unit, about, ...(part && { part }), ...(drawn && { drawn }) }
      ])
  )
}

/** Lengths of a variable's axes. @throws DatasetError when it has an axis that the dataset does not have */
export function shapeOf({ axes }: Pick<Dataset, 'axes'>, of: Pick<Variable, 'axes'>): number[] {
  return of.axes.map(name => {
    if (Object.hasOwn(axes, name)) return axes[name]!.length
    throw new DatasetError(`${name}: there is no such axis, but ${Object.keys(axes).join(', ')}`)
  })
}

/**
 * What stands at a place without any numbers, such as an empty list in JSON, of all variables together: more than any analysis
 * gives, and written in a moment. No number has to be there for it, so that an axis could be as long as it says.
 */
const mostEmpty = 2 ** 20
/** More than any analysis gives; where a notebook looks for sums, each more takes twice as long. */
const mostAxes = 8

/** What contradicts what, in a line; null where all fits. */
function firstFault({ axes, variables }: Pick<Dataset, 'axes' | 'variables'>): string | null {
  let empty = 0
  for (const [name, { length, labels }] of Object.entries(axes))
    if (labels !== null && labels.length !== length)
      return `${name}: an axis of ${length} has ${labels.length} labels`
  for (const [name, own] of Object.entries(variables)) {
    if (own.axes.length > mostAxes) return `${name}: ${own.axes.length} axes, at most ${mostAxes}`
    const missing = own.axes.find(axis => !Object.hasOwn(axes, axis))
    if (missing !== undefined) return `${name}: its axis ${missing} is not one of the dataset's`
    const { part } = own
    const places = part && Object.hasOwn(axes, part.axes[0]!) ? axes[part.axes[0]!]!.length : 0
    if (part && (part.at >= places || part.axes.length !== own.axes.length + 1))
      return `${name}: it is no part of ${part.of} [${part.axes.join(', ')}] at ${part.at}`
    const shape = shapeOf({ axes }, own)
    if (own.data.length !== elementCount(shape))
      return `${name}: ${own.data.length} numbers, expected ${elementCount(shape)} for [${own.axes.join(', ')}] = [${shape.join(', ')}]`
    if (own.data.length > 0) continue
    empty += elementCount(shape.slice(0, shape.indexOf(0)))
    if (empty > mostEmpty)
      return `${name}: over ${mostEmpty} places without numbers, for [${own.axes.join(', ')}] = [${shape.join(', ')}]`
  }
  return faultOfParts(variables)
}

/** Which parts cannot stand side by side in one table, in a line; null where all can. */
function faultOfParts(variables: Dataset['variables']): string | null {
  const table = new Map<string, string>()
  const place = new Map<string, string>()
  const column = new Map<string, string>()
  for (const [name, { axes, part }] of Object.entries(variables)) {
    const over = (part?.axes ?? axes).join()
    const [other, first, same] = [
      noted(table, over, name),
      noted(place, `${over} ${part?.at}`, name),
      noted(column, `${part?.of} ${part?.at}`, name)
    ]
    if ((part === undefined) !== (variables[other]!.part === undefined))
      return `${name}: it is over [${over}] as ${other} is, and one of them is a part`
    if (part === undefined) continue
    if (same !== name) return `${name}: ${same} is the part of ${part.of} at ${part.at}, too`
    if (axes.join() !== variables[first]!.axes.join())
      return `${name}: its axes are not those of ${first}, which is a part at ${part.at} of [${over}], too`
  }
  return null
}

/** The first name that was noted under a key: the given one, where there is none. */
function noted(names: Map<string, string>, key: string, name: string): string {
  const known = names.get(key) ?? name
  names.set(key, known)
  return known
}
