import { withInputs } from '../analysis/inputs-in-params.ts'
import type { CorpusInput, Cut, Reading } from '../analysis/subject.ts'
import type { Edit } from '../model/edit.ts'
import type { OtherSide, Sides } from '../analysis/sides.ts'
import { paramTexts } from './params-text.ts'
import { pathWord, shellWord } from './shell-word.ts'

/** A longer text is read from a file, as is one with what no command can have, and all of several that are longer together. */
const mostLetters = 2000

/** What a command is of. */
interface Origin extends Reading {
  /** Of the model. */
  readonly folder: string
  readonly provider: string
}

/** What is asked of it, and of the second of two. */
interface Asked extends OtherSide {
  readonly params: Readonly<Record<string, unknown>>
  /** What is made of two; left out where one is asked, or two are compared. */
  readonly sides?: Sides
  /** Whether the second reads the same as the first; by what both are told to read where it is left out. */
  readonly isSameReading?: boolean
}

/**
 * The command that makes an analysis again, as a shell takes it.
 * @param out the file for its numbers
 */
export function analysisCommandText(
  { analysis, params, sides, with: folder, ...other }: Asked & { readonly analysis: string },
  origin: Origin,
  out: string
): string {
  const isCompared = folder !== undefined && sides === undefined
  const parts = [
    `npm run --silent lamella -- analyse ${shellWord(analysis)} ${pathWord(origin.folder)}`,
    ...(isCompared ? [pathWord(folder)] : sidesOptions(sides, [folder])),
    ...settings(params),
    ...(sides === undefined ? [] : nameOption(origin)),
    ...ofRun(origin),
    ...ofOther(other, origin),
    `--out ${shellWord(out)}`
  ]
  return parts.join(' ')
}

/**
 * A command of a model and a text, as a shell takes it.
 * @param runs whether it runs the text, and does not only split it
 * @param options as they are typed
 * @param out the file for its numbers; null for what is printed
 */
export function plainCommandText(
  {
    command,
    runs,
    options
  }: { readonly command: string; readonly runs: boolean; readonly options: readonly string[] },
  origin: Origin,
  out: string | null = null
): string {
  const { folder, input } = origin
  // What only splits texts has a word of its own for ids.
  const split = input && 'ids' in input ? [`--decode ${input.ids.join(',')}`] : readOptions(origin)
  return [
    `npm run --silent lamella -- ${command} ${pathWord(folder)}`,
    ...(runs ? ofRun(origin) : split),
    ...options.map(shellWord),
    ...(out === null ? [] : [`--out ${shellWord(out)}`])
  ].join(' ')
}

/**
 * The command that makes a figure again, as a shell takes it.
 * @param options how it is drawn, as they are typed
 */
export function figureCommandText(
  {
    view,
    params,
    sides,
    with: folder,
    also = [],
    withView,
    ...other
  }: Asked & {
    readonly view: string
    readonly withView?: string
    readonly also?: readonly string[]
  },
  origin: Origin,
  out: string,
  options: readonly string[] = []
): string {
  const parts = [
    `npm run --silent lamella -- figure ${pathWord(origin.folder)} --view ${shellWord(view)}`,
    ...sidesOptions(sides, [folder, ...also]),
    ...settings(params),
    ...nameOption(origin),
    ...ofRun(origin),
    ...(withView === undefined ? [] : [`--with-view ${shellWord(withView)}`]),
    ...ofOther(other, origin),
    ...options.map(shellWord),
    `--out ${shellWord(out)}`
  ]
  return parts.join(' ')
}

/**
 * The command that draws a figure of a session again.
 * @param session path of its file
 */
export function sessionFigureCommandText(
  { session, figure }: { readonly session: string; readonly figure: string },
  out: string,
  options: readonly string[] = []
): string {
  const parts = [
    `npm run --silent lamella -- figure ${pathWord(session)} --figure ${shellWord(figure)}`,
    ...options.map(shellWord),
    `--out ${shellWord(out)}`
  ]
  return parts.join(' ')
}

/**
 * A command about a session.
 * @param session path of its file
 * @param what is asked, as it is typed
 */
export function sessionCommandText(session: string, what: string): string {
  return `npm run --silent lamella -- session ${pathWord(session)} ${what}`
}

/** Params as a command takes them. */
export function settingsText(params: Readonly<Record<string, unknown>>): string {
  return settings(params).join(' ')
}

function settings(
  params: Readonly<Record<string, unknown>>,
  option: 'set' | 'with-set' = 'set'
): string[] {
  const whose = option === 'set' ? 'COUNTED-' : 'OTHER-COUNTED-'
  const told = withInputs(params, inputs => toldInputs(inputs, whose))
  return paramTexts(told).map(text => `--${option} ${shellWord(text)}`)
}

function ofRun(origin: Origin): string[] {
  const read = readOptions(origin)
  return [
    ...read,
    ...origin.edits.map(edit => editOption(edit)),
    ...(read.length === 0 ? [] : [`--provider ${shellWord(origin.provider)}`])
  ]
}

/** What is made of two, and of which models beside the first. */
function sidesOptions(
  sides: Sides | undefined,
  folders: readonly (string | undefined)[]
): string[] {
  const given = folders.filter(folder => folder !== undefined)
  return [
    ...(sides === undefined ? [] : [`--sides ${sides}`]),
    ...given.map(folder => `--with ${shellWord(folder)}`)
  ]
}

/** What of the second is not as it is of the first; edits are each one's own. */
function ofOther(
  { withParams = {}, withRun, isSameReading }: Omit<Asked, 'params'>,
  own: Reading
): string[] {
  const isSame = isSameReading ?? (withRun !== undefined && readsAlike(withRun, own))
  const left = Object.keys(withParams).filter(name => withParams[name] === null)
  return [
    ...settings(withParams, 'with-set'),
    ...left.map(name => `--with-set ${shellWord(`${name}=null`)}`),
    ...(withRun === undefined || isSame
      ? []
      : [...nameOption(withRun, 'with-'), ...readOptions(withRun, 'with-', own.cut)]),
    ...(withRun?.edits ?? []).map(edit => editOption(edit, 'with-edit')),
    ...(withRun?.provider === undefined ? [] : [`--with-provider ${shellWord(withRun.provider)}`])
  ]
}

/** Whether two read the same, cut alike; edits are each one's own. */
export function readsAlike(a: Reading, b: Reading): boolean {
  const [own, other] = [a, b].map(({ input, corpus, cut }) => [input, corpus, cut])
  return JSON.stringify(own) === JSON.stringify(other)
}

/** What a corpus is called; a single file that is called nothing is a text. @param prefix of its options' names */
function nameOption({ corpus }: Reading, prefix = ''): string[] {
  return corpus === undefined ? [] : [`--${prefix}corpus ${shellWord(corpus.name)}`]
}

/**
 * What is read, and how it is cut.
 * @param prefix of its options' names
 * @param usual how it is cut where nothing is said
 */
function readOptions({ input, corpus, cut }: Reading, prefix = '', usual?: Cut): string[] {
  const inputs = corpus?.inputs ?? (input === null ? [] : [input])
  return [...inputOptions(inputs, prefix), ...cutOptions(cut, prefix, usual)]
}

function cutOptions(cut: Cut | undefined, prefix: string, usual: Cut | undefined): string[] {
  const { window = null, stride = null, sentences } = cut ?? {}
  const isWhole = window === null && !sentences
  return [
    ...(window === null ? [] : [`--${prefix}window ${window}`]),
    ...(isWhole && usual !== undefined ? [`--${prefix}window none`] : []),
    ...(stride === null ? [] : [`--${prefix}stride ${stride}`]),
    ...(sentences ? [`--${prefix}sentences`] : [])
  ]
}

function editOption(edit: Edit, option = 'edit'): string {
  return `--${option} ${shellWord(JSON.stringify(edit))}`
}

function inputOptions(inputs: readonly CorpusInput[], prefix: string): string[] {
  return toldInputs(inputs, prefix === '' ? '' : 'OTHER-').map(input => {
    if ('ids' in input) return `--${prefix}tokens ${input.ids.join(',')}`
    if ('path' in input) return `--${prefix}text-file ${shellWord(input.path)}`
    return `--${prefix}text ${shellWord(input.text)}`
  })
}

/** What is read, texts that a command cannot have by files that hold them. @param whose how names of these begin */
function toldInputs(inputs: readonly CorpusInput[], whose: string): CorpusInput[] {
  const texts = inputs.flatMap(input => ('text' in input ? [input.text] : []))
  const letters = texts.reduce((sum, { length }) => sum + length, 0)
  return inputs.map((input, i) =>
    'text' in input && (letters > mostLetters || input.text.includes('\0'))
      ? { path: `${whose}TEXT${inputs.length === 1 ? '' : `-${i + 1}`}.txt` }
      : input
  )
}
