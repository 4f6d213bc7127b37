import {
  pastKey,
  type ItemKind,
  type Library,
  type LibraryItem,
  type NamedCorpus,
  type PastRun
} from '#common/model/library.ts'
import { hasWordsOf } from '#common/text/has-words.ts'
import { editText } from '#common/text/edit-text.ts'
import { inputLine, inputText } from '#common/text/input-text.ts'
import { layoutText } from '#common/text/layout-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { whenText, whenTextInFull } from '#common/text/when-text.ts'
import { firstLetters } from '#common/text/cut-short.ts'
import { corpusText } from '../../stores/corpora.ts'

/** The groups of the explorer of texts, in their order, each with what would fill it. */
export const libraryGroups = [
  {
    name: 'Ran lately',
    empty: 'Each text that runs is listed here, with the edits it ran with.'
  },
  {
    name: 'Named texts',
    empty: 'A text that ran gets a name by F2 or by its menu; “New…” makes another.'
  },
  {
    name: 'Contrast pairs',
    empty: '“Make a pair with…” in the menu of a text keeps two, to be compared.'
  },
  {
    name: 'Corpora',
    empty: '“New…” takes a text file, a folder of them or named texts, to score heads over.'
  },
  {
    name: 'Edits',
    empty: '“Keep these edits…” in the menu of edits keeps them, for any run.'
  },
  {
    name: 'Layouts',
    empty:
      '“Save this layout…” in the menu at the end of the tabs keeps how they stand, for any model.'
  }
] as const
export type LibraryGroup = (typeof libraryGroups)[number]['name']

const groupOf: Readonly<Record<ItemKind, LibraryGroup>> = {
  text: 'Named texts',
  pair: 'Contrast pairs',
  corpus: 'Corpora',
  edits: 'Edits',
  layout: 'Layouts'
}

/** One line of the explorer of texts. */
export interface LibraryNode {
  readonly key: string
  /** `more` stands for lines that are left out, `empty` tells what would be there. */
  readonly kind: 'group' | 'past' | 'item' | 'more' | 'empty'
  readonly group: LibraryGroup
  readonly label: string
  /** Under the label, in small letters; empty for nothing. */
  readonly below: string
  readonly note: string
  /** What the line leaves out. */
  readonly title: string
  /** Why it is not what it was when it was kept; null where it is. */
  readonly trouble?: string | null
  /** Whether it is read as the session keeps it. */
  readonly isReadAsKept?: boolean
  readonly past?: PastRun
  readonly item?: LibraryItem
  readonly children?: readonly LibraryNode[]
}

/** What of the library is listed, and where. */
export interface Listing extends Library {
  readonly query: string
  /** Why a corpus is not what it was when it was kept. */
  readonly troubleOf: (corpus: NamedCorpus) => string | null
  /** Whether a corpus is read as the session keeps it. */
  readonly isReadAsKept: (corpus: NamedCorpus) => boolean
  /** Groups of which every line is shown. */
  readonly whole: readonly LibraryGroup[]
  /** What the model of a run is called. */
  readonly modelNameOf: (past: PastRun) => string
  /** Whether a run is of other files than those that its model has by now. */
  readonly isOfOtherFiles: (past: PastRun) => boolean
  /** Of the focused tab, which needs no telling; null where none is open. */
  readonly modelPath: string | null
  /** Milliseconds since 1970. */
  readonly now: number
}

const fewLines = 6

/** The library as groups of a few lines each; what a query finds is shown whole. */
export function libraryNodes(listing: Listing): LibraryNode[] {
  const { history, items, query } = listing
  const lines = [
    ...history.map(past => pastNode(past, listing)),
    ...items.map(item => itemNode(item, listing))
  ]
  const isAsked = query.trim() !== ''
  const isFound = hasWordsOf(query)
  return libraryGroups.flatMap(({ name, empty }) => {
    const found = lines.filter(
      line => line.group === name && isFound(`${line.label} ${line.below} ${line.title}`)
    )
    if (isAsked && found.length === 0) return []
    const isWhole = isAsked || listing.whole.includes(name)
    // One line more is shown sooner than counted.
    const shown = isWhole || found.length <= fewLines + 1 ? found : found.slice(0, fewLines)
    const hidden = found.length - shown.length
    const children = [
      ...shown,
      ...(hidden > 0 ? [plain('more', name, `${hidden} more`)] : []),
      ...(found.length === 0 ? [plain('empty', name, empty)] : [])
    ]
    const count = found.length === 0 ? '' : String(found.length)
    return [{ ...plain('group', name, name), note: count, children }]
  })
}

/** The key of an item's line. */
export function itemKey({ kind, name }: Pick<LibraryItem, 'kind' | 'name'>): string {
  return `${kind} ${name}`
}

function plain(kind: 'group' | 'more' | 'empty', group: LibraryGroup, label: string): LibraryNode {
  return { key: `${kind} of ${group}`, kind, group, label, below: '', note: '', title: '' }
}

function pastNode(
  past: PastRun,
  { modelNameOf, isOfOtherFiles, modelPath, now }: Listing
): LibraryNode {
  const { source, at } = past
  const modelName = modelNameOf(past)
  const edits = source.edits.map(editText)
  const files = isOfOtherFiles(past) ? [`other files ${source.model.fingerprint.slice(0, 8)}`] : []
  const isOther = source.model.path !== modelPath
  return {
    key: `ran ${pastKey(past)}`,
    kind: 'past',
    group: 'Ran lately',
    label: firstLetters(inputLine(source.input), 200),
    below: [...(isOther ? [isolated(modelName)] : []), ...files, ...edits].join(' · '),
    note: whenText(at, now),
    title: [
      beginning(inputText(source.input)),
      [modelName, ...files, ...edits, whenTextInFull(at)].join(' · ')
    ].join('\n'),
    past
  }
}

function itemNode(item: LibraryItem, { troubleOf, isReadAsKept }: Listing): LibraryNode {
  return {
    key: itemKey(item),
    kind: 'item',
    group: groupOf[item.kind],
    label: visibleText(item.name),
    note: '',
    ...toldOf(item),
    trouble: item.kind === 'corpus' ? troubleOf(item) : null,
    isReadAsKept: item.kind === 'corpus' && isReadAsKept(item),
    item
  }
}

/** What an item holds, in a line and in full. */
function toldOf(item: LibraryItem): Pick<LibraryNode, 'below' | 'title'> {
  switch (item.kind) {
    case 'text':
      return {
        below: firstLetters(inputLine(item.input), 200),
        title: beginning(inputText(item.input))
      }
    case 'pair': {
      const both = [item.clean, item.corrupt]
      return {
        below: both.map(input => isolated(firstLetters(inputLine(input), 200))).join(' ↔ '),
        title: both.map(input => beginning(inputText(input))).join('\n↔\n')
      }
    }
    case 'corpus': {
      const { of, window, stride } = item
      const cut = [
        ...(window === null ? [] : [`windows of ${window}`]),
        ...(stride === null ? [] : [`every ${stride}`])
      ]
      const names =
        'path' in of ? visibleText(of.path) : of.texts.map(({ name }) => name).join('\n')
      return { below: [corpusText(item), ...cut].join(' · '), title: beginning(names) }
    }
    case 'edits': {
      const told = item.edits.map(editText)
      return { below: told.join(' · '), title: told.join('\n') }
    }
    case 'layout':
      return { below: layoutText(item.layout), title: '' }
  }
}

/** In a direction of its own, among others. */
function isolated(text: string): string {
  return `\u2068${text}\u2069`
}

function beginning(text: string): string {
  return text.length > 600 ? `${firstLetters(text, 600)}…` : text
}
