import { type Dataset, descriptions, shapeOf } from './dataset.ts'
import { elementCount } from '../model/tensor.ts'
import { formulaBehind } from './spreadsheet-cut.ts'

/** The variables that one table holds, and those that do not fit beside them. */
export interface TablePlan {
  readonly axes: readonly string[]
  readonly variables: readonly string[]
  readonly left: readonly string[]
}

/**
 * Which variables stand side by side: those over the same axes as most others are; of equally many those with more
 * numbers. Single numbers are a table only where there is nothing else.
 */
export function tablePlan(dataset: Dataset): TablePlan {
  const { variables } = dataset
  const groups = new Map<string, string[]>()
  for (const [name, { axes }] of Object.entries(variables)) {
    const key = axes.join('\n')
    groups.set(key, [...(groups.get(key) ?? []), name])
  }
  const axesOf = (names: readonly string[]) => variables[names[0]!]!.axes
  const cells = (names: readonly string[]) => variables[names[0]!]!.data.length
  const [chosen = []] = [...groups.values()]
    .filter(names => groups.size === 1 || axesOf(names).length > 0)
    .sort((a, b) => b.length - a.length || cells(b) - cells(a))
  return {
    axes: chosen.length === 0 ? [] : axesOf(chosen),
    variables: chosen,
    left: Object.keys(variables).filter(name => !chosen.includes(name))
  }
}

/**
 * A tidy table, its headings first: a row a cell, with the index along each axis, the label of those that have labels,
 * and each variable.
 * @source Wickham 2014, "Tidy Data"
 */
export function* tableRows(
  dataset: Dataset,
  { axes, variables }: TablePlan
): Generator<(string | number)[]> {
  const labels = axes.map(name => dataset.axes[name]!.labels)
  yield [...axes.flatMap((name, i) => (labels[i] ? [name, `${name}_label`] : [name])), ...variables]
  if (variables.length === 0) return
  const columns = variables.map(name => dataset.variables[name]!.data)
  const shape = shapeOf(dataset, { axes: [...axes] })
  const count = elementCount(shape)
  for (let cell = 0; cell < count; cell++) {
    const place = placeOf(cell, shape).flatMap((index, i) => {
      const own = labels[i]
      return own ? [index, own[index]!] : [index]
    })
    yield [...place, ...columns.map(data => data[cell]!)]
  }
}

/**
 * A file of CSV: before the table what is true of all of it, what it leaves out, and what its columns are, a line each that begins with `#`, as
 * `pandas.read_csv(path, comment='#')` leaves it out; a field with that sign is quoted.
 */
export function* csvFile(dataset: Dataset, plan: TablePlan): Generator<string> {
  for (const [name, value] of Object.entries(dataset.attributes))
    for (const line of isList(value) ? value : [value])
      yield `# ${lineText(name)}: ${lineText(line)}\r\n`
  if (plan.left.length > 0)
    yield `# left out, for one table does not hold them: ${lineText(plan.left.join(', '))}\r\n`
  const described = descriptions(dataset)
  for (const name of plan.variables) {
    const { unit = '', about = '' } = described[name] ?? {}
    const told = [unit, about].filter(Boolean).join(': ')
    if (told !== '') yield `# column ${lineText(name)}: ${lineText(told)}\r\n`
  }
  yield* datasetCsv(dataset, plan)
}

/**
 * What stands in a line before the table, in one cell: spreadsheets cut it at commas and semicolons, and take what begins with
 * certain signs behind one for a formula. A text that has any is JSON, which has other ways to write them.
 */
function lineText(value: Attribute): string {
  const isPlain = typeof value === 'string' && !/\p{Cc}/u.test(value) && value === inert(value)
  return isPlain ? value : inert(JSON.stringify(value))
}

function inert(text: string): string {
  return text.replaceAll(formulaBehind, (_, before: string, sign: string) => {
    const code = sign.charCodeAt(0).toString(16).padStart(4, '0')
    return `${before}\\u${code}`
  })
}

type Attribute = Dataset['attributes'][string]

/** Whether it is of texts or of more than numbers, which get a line each. */
function isList(value: Attribute): value is Attribute[] {
  return Array.isArray(value) && value.every(member => typeof member !== 'number')
}

/** The same as CSV, some rows at a time; `NaN`, `inf` and `-inf` as pandas reads them. @source RFC 4180 */
export function* datasetCsv(dataset: Dataset, plan: TablePlan): Generator<string> {
  let rows = ''
  for (const row of tableRows(dataset, plan)) {
    rows += `${row.map(field).join(',')}\r\n`
    if (rows.length < 2 ** 16) continue
    yield rows
    rows = ''
  }
  yield rows
}

function placeOf(cell: number, shape: readonly number[]): number[] {
  const place: number[] = []
  let rest = cell
  for (const length of shape.toReversed()) {
    place.unshift(rest % length)
    rest = Math.floor(rest / length)
  }
  return place
}

function field(value: string | number): string {
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  if (typeof value === 'number') return String(value)
  const text = /[=+@-]/.test(value) ? withoutFormulas(value) : value
  return /[",#\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Before what a spreadsheet would run of a text of a stranger, such as a token, as a formula which calls, fetches or starts
 * something: it gets an apostrophe, also where a semicolon, a tab or an end of line begins a cell. Signs alone, such as the
 * token `=`, stay as they are.
 */
function withoutFormulas(text: string): string {
  // What follows a sign calls something where there are both.
  const last = Math.min(lastOf(text, /\p{L}/gu), lastOf(text, /[(|![#']/g))
  return text.replaceAll(begins, (whole, before: string, sign: string, at: number) => {
    const isCell = /[;\t\r\n]/.test(before) || (at === 0 && !/\S/.test(before))
    if (sign === '' || !isCell || at + before.length >= last) return whole
    return at > 0 || parts.test(before) ? `${before}'${sign}` : `'${whole}`
  })
}

/** Where a pattern is found last; before the beginning where it is not. @param pattern a global one */
function lastOf(text: string, pattern: RegExp): number {
  let last = -1
  for (const { index } of text.matchAll(pattern)) last = index
  return last
}

/** What may stand before the first letter of a cell, and a sign where one follows: found in one pass, however long it is. */
const begins = /([;\s"']+|^)([=+@-]?)/g
/** Begins a cell where another than a comma does, or a line. */
const parts = /[;\r\n]/
