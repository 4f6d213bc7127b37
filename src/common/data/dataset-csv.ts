import { shapeOf, type Axis, type Dataset, type NumberArray, type Variable } from './dataset.ts'
import { elementCount } from '../model/tensor.ts'
import { visibleJson, visibleText } from '../text/visible-text.ts'
import { formulaBehind } from './spreadsheet-cut.ts'

/** The variables that one table holds, and those that do not fit beside them. */
export interface TablePlan {
  readonly axes: readonly string[]
  readonly variables: readonly string[]
  readonly left: readonly string[]
}

/**
 * Which variables stand side by side: those over the same axes as what is drawn is, and what else is drawn that is over some of
 * them, repeated along the others. Of what no figure draws, those over the same axes as most others are; of equally many those
 * with more numbers. Parts of one are a column, one below the other. Single numbers are a table only where there is nothing else.
 */
export function tablePlan(dataset: Dataset): TablePlan {
  const names = Object.keys(dataset.variables)
  const chosen = besideDrawn(dataset) ?? overMostAxes(dataset)
  const isChosen = new Set(chosen)
  return {
    axes: chosen.length === 0 ? [] : tableAxes(dataset.variables[chosen[0]!]!),
    variables: names.filter(name => isChosen.has(name)),
    left: names.filter(name => !isChosen.has(name))
  }
}

/** The axes of a variable, or of what it is a part of. */
function tableAxes({ axes, part }: Variable): readonly string[] {
  return part?.axes ?? axes
}

function isOver(axes: readonly string[], own: Variable): boolean {
  return tableAxes(own).join() === axes.join()
}

/** So many columns are repeated along other axes at most. */
const mostRepeated = 20

/**
 * What is over the axes of what is drawn first, or over these and more, with all that stands beside it; null where nothing is
 * drawn.
 */
function besideDrawn({ variables }: Dataset): string[] | null {
  const drawn = Object.entries(variables).filter(([, { drawn }]) => drawn)
  const [first] = drawn.map(([, own]) => tableAxes(own))
  if (first === undefined) return null
  const [widest] = drawn
    .map(([, own]) => own)
    .filter(own => first.every(name => tableAxes(own).includes(name)))
    .toSorted((a, b) => tableAxes(b).length - tableAxes(a).length)
  const { part } = widest!
  const axes = tableAxes(widest!)
  // What is of one side alone is at no place of a table of both.
  const isRepeated = (other: Variable) =>
    !isOver(axes, other) &&
    (other.part === undefined || other.part.axes[0] === part?.axes[0]) &&
    tableAxes(other).every(name => axes.includes(name))
  return [
    ...Object.keys(variables).filter(name => isOver(axes, variables[name]!)),
    ...drawn.flatMap(([name, own]) => (isRepeated(own) ? [name] : [])).slice(0, mostRepeated)
  ]
}

function overMostAxes(dataset: Dataset): string[] {
  const { variables } = dataset
  const axesOf = (name: string) => tableAxes(variables[name]!)
  const groups = [
    ...Map.groupBy(Object.keys(variables), name => axesOf(name).join('\n')).values()
  ].map(names => ({
    names,
    columns: columnNames(dataset, names).length,
    cells: names.reduce((sum, name) => sum + variables[name]!.data.length, 0)
  }))
  const [chosen = []] = groups
    .filter(({ names }) => groups.length === 1 || axesOf(names[0]!).length > 0)
    .sort((a, b) => b.columns - a.columns || b.cells - a.cells)
    .map(({ names }) => names)
  return chosen
}

/** What the columns of variables are called, each once. */
function columnNames(dataset: Dataset, names: readonly string[]): string[] {
  return [...new Set(names.map(name => columnOf(dataset, name)))]
}

function columnOf({ variables }: Dataset, name: string): string {
  return variables[name]!.part?.of ?? name
}

/** What stands above a column: its name, told from an axis of that name. */
function headingOf(column: string, axes: readonly string[]): string {
  return axes.includes(column) ? `${column}_value` : column
}

/** Rows of a table that are over the same places. */
interface Block {
  /** Of each axis the places that they are at. */
  readonly along: readonly (Axis & { readonly from: number })[]
  /** Of each column; null where it has none here. */
  readonly columns: readonly (Column | null)[]
}

/** Numbers of a column, and of each axis of its table how far apart they are from one place to the next: 0 where they are the same. */
interface Column {
  readonly data: NumberArray
  readonly strides: readonly number[]
}

/** All rows as one block, or where variables are parts a block for each place that these are of. */
function blocksOf(dataset: Dataset, { axes, variables: names }: TablePlan): Block[] {
  const { variables } = dataset
  const columns = columnNames(dataset, names)
  const isWhole = (name: string) => isOver(axes, variables[name]!)
  const places = Map.groupBy(names, name => variables[name]!.part?.at ?? null)
  const everywhere = places.get(null) ?? []
  const parts = [...places].filter(([at, own]) => at !== null && own.some(isWhole))
  const blocks = parts.length > 0 ? parts.map(([, own]) => own) : [[]]
  return blocks.map(own => {
    const all = [...own, ...everywhere]
    const { part, axes: inner } = variables[all.find(isWhole)!]!
    const outer = part ? [{ ...dataset.axes[part.axes[0]!]!, from: part.at, length: 1 }] : []
    const here = new Map(all.map(name => [columnOf(dataset, name), name]))
    return {
      along: [...outer, ...inner.map(name => ({ ...dataset.axes[name]!, from: 0 }))],
      columns: columns.map(column => {
        const name = here.get(column)
        return name === undefined ? null : columnAlong(dataset, variables[name]!, axes)
      })
    }
  })
}

/** @param axes of the table */
function columnAlong(dataset: Dataset, own: Variable, axes: readonly string[]): Column {
  // A part is at one place of the first of its axes.
  const outer = own.part ? 1 : 0
  const shape = shapeOf(dataset, own)
  const isWhole = isOver(axes, own)
  const strides = axes.map((name, i) => {
    const at = (isWhole ? i : tableAxes(own).indexOf(name)) - outer
    return at < 0 ? 0 : elementCount(shape.slice(at + 1))
  })
  return { data: own.data, strides }
}

/** How many rows a table has beside its headings. */
export function rowCount(dataset: Dataset, plan: TablePlan): number {
  return blocksOf(dataset, plan).reduce((sum, block) => sum + rowsIn(block), 0)
}

function rowsIn({ along }: Block): number {
  return elementCount(along.map(({ length }) => length))
}

/**
 * A tidy table, its headings first: a row a cell, with the index along each axis, the label of those that have labels,
 * and each variable.
 * @source Wickham 2014, "Tidy Data"
 */
export function* tableRows(dataset: Dataset, plan: TablePlan): Generator<(string | number)[]> {
  const { axes, variables } = plan
  const blocks = blocksOf(dataset, plan)
  const isLabelled = axes.map((_, i) => blocks.some(({ along }) => along[i]!.labels !== null))
  yield [
    ...axes.flatMap((name, i) => (isLabelled[i] ? [name, `${name}_label`] : [name])),
    ...columnNames(dataset, variables).map(name => headingOf(name, axes))
  ]
  for (const block of blocks) {
    const { along, columns } = block
    const shape = along.map(({ length }) => length)
    const count = rowsIn(block)
    for (let cell = 0; cell < count; cell++) {
      const place = placeOf(cell, shape).map((step, i) => along[i]!.from + step)
      yield [
        ...place.flatMap((index, i) =>
          isLabelled[i] ? [index, along[i]!.labels?.[index] ?? ''] : [index]
        ),
        ...columns.map(column => column?.data[flatIndex(place, column.strides)] ?? NaN)
      ]
    }
  }
}

/**
 * A file of CSV: before the table what is true of all of it, what a figure draws of it, what it leaves out, and what its columns
 * are, a line each that begins with `#`, as `pandas.read_csv(path, comment='#')` leaves it out; a field with that sign is quoted.
 */
export function* csvFile(dataset: Dataset, plan: TablePlan): Generator<string> {
  for (const [name, value] of Object.entries(dataset.attributes))
    for (const line of isList(value) ? value : [value])
      yield `# ${lineText(name)}: ${lineText(line)}\r\n`
  const isDrawn = (name: string) => dataset.variables[name]!.drawn === true
  const drawn = columnNames(dataset, plan.variables.filter(isDrawn))
  if (drawn.length > 0)
    yield `# drawn: ${lineText(drawn.map(name => headingOf(name, plan.axes)).join(', '))}\r\n`
  if (plan.left.length > 0)
    yield `# left out, for one table does not hold them: ${lineText(plan.left.join(', '))}\r\n`
  const told = plan.variables.map(name => {
    const own = dataset.variables[name]!
    const along = plan.axes.filter(axis => !tableAxes(own).includes(axis))
    const said = [own.unit, own.about].filter(Boolean).join(': ')
    const repeated = along.length > 0 && `the same along ${along.join(', ')}`
    return [
      headingOf(columnOf(dataset, name), plan.axes),
      [said, repeated].filter(Boolean).join('; ')
    ] as const
  })
  for (const [name, words] of new Map(told))
    if (words !== '') yield `# column ${lineText(name)}: ${lineText(words)}\r\n`
  yield* datasetCsv(dataset, plan)
}

/**
 * What stands in a line before the table, in one cell: spreadsheets cut it at commas and semicolons, and take what begins with
 * certain signs behind one for a formula. A text that has any, or what is not seen, is JSON, which has other ways to write them.
 */
function lineText(value: Attribute): string {
  const isPlain = typeof value === 'string' && value === inert(visibleText(value))
  return isPlain ? value : inert(visibleJson(JSON.stringify(value)))
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

function flatIndex(place: readonly number[], strides: readonly number[]): number {
  return place.reduce((sum, index, i) => sum + index * strides[i]!, 0)
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
