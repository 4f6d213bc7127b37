import type { SerializedDockview } from 'dockview-vue'
import type { ChosenModel } from '#common/model/chosen-model.ts'
import type { Edit } from '#common/model/edit.ts'
import type { LibraryItem, PastRun } from '#common/model/library.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import type { Note, SessionContent } from '#common/model/session.ts'
import { linkGroups, type LinkGroup, type On, type Scope } from '#common/model/subject.ts'
import { useLibrary } from '../../stores/library.ts'
import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSession } from '../../stores/session.ts'
import { useStatus } from '../../stores/status.ts'
import { useTabs, type Arrangement, type Tab } from '../../stores/tabs.ts'

/** Of each group, or tab that stands alone, by the path of the model. */
export type OfScopes<T> = Readonly<Partial<Record<Scope, Readonly<Record<string, T>>>>>

/** All of a session that can be taken back: not what is selected, nor where it was scrolled to. */
export interface SessionValue {
  /** Paths of the open ones. */
  readonly models: readonly string[]
  /** Paths of those that were open before and are on their way back, or could not be brought back. */
  readonly away: readonly string[]
  /** Path of each group's model. */
  readonly groups: Readonly<Partial<Record<LinkGroup, string>>>
  /** By their paths, which models it is of, and how. */
  readonly chosen: Readonly<Record<string, ChosenModel>>
  readonly texts: OfScopes<string>
  readonly ids: OfScopes<string | null>
  readonly edits: OfScopes<readonly Edit[]>
  /** The text edited last, which a model with none of its own shows. */
  readonly carried: string
  /** What later runs compute with. */
  readonly provider: ProviderChoice
  readonly tabs: Arrangement
  readonly items: readonly LibraryItem[]
  /** Past runs that this window deleted from the library. */
  readonly forgotten: readonly PastRun[]
  readonly notes: readonly Note[]
  readonly findings: SessionContent['findings']
  readonly figures: SessionContent['figures']
}

/** The session as it is now. */
export function sessionValue(): SessionValue {
  const library = useLibrary()
  const models = useModels()
  const runs = useRuns()
  const session = useSession()
  const tabs = useTabs()
  // The dock is no reactive object; its count of changes stands for it.
  void tabs.changes
  return {
    models: models.open.map(({ path }) => path),
    away: models.away,
    groups: Object.fromEntries(
      linkGroups.flatMap(group => {
        const path = models.pathOf(group)
        return path === null ? [] : [[group, path]]
      })
    ),
    chosen: models.taken,
    texts: { ...runs.texts },
    ids: { ...runs.ids },
    edits: runs.edits,
    carried: runs.carried,
    provider: useStatus().choice,
    tabs: { tabs: tabs.tabs, layout: tabs.layout(), active: tabs.activeId },
    items: library.items,
    forgotten: library.forgotten,
    notes: session.notes,
    findings: session.findings,
    figures: session.figures
  }
}

/** Those in which something is written: one that is begun is nothing yet. */
export function written(notes: readonly Note[]): readonly Note[] {
  return notes.filter(({ markdown }) => markdown.trim() !== '')
}

/** Paths of all models of a session. */
export function modelsOf({ models, away }: SessionValue): string[] {
  return [...models, ...away]
}

/** A tab without where in its subject it is, which is selected and not done. */
export function toldOfTab({ type, context: { on, with: other, options } }: Tab) {
  return { type, on: withoutPlace(on), other: withoutPlace(other), options: options ?? {} }
}

/** Which tabs lie over one another and beside which, whatever their sizes and which are in front. */
export function standOf(layout: unknown): string {
  if (layout === null) return ''
  const { grid, floatingGroups = [] } = layout as SerializedDockview
  const floats = floatingGroups.map(({ data, grid }) => data?.views ?? (grid && viewsOf(grid.root)))
  return JSON.stringify([grid.orientation, viewsOf(grid.root), floats])
}

/** What differs between two records of scopes and models. */
export function differences<T>(
  a: OfScopes<T>,
  b: OfScopes<T>
): { readonly scope: Scope; readonly path: string }[] {
  const scopes = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...scopes].flatMap(scope => {
    const [from, to] = [a[scope] ?? {}, b[scope] ?? {}]
    if (from === to) return []
    return [...new Set([...Object.keys(from), ...Object.keys(to)])]
      .filter(path => !isEqual(from[path], to[path]))
      .map(path => ({ scope, path }))
  })
}

/** Whether two plain values are equal. */
export function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

type Node = SerializedDockview['grid']['root']
type Views = string[] | Views[]

function viewsOf({ data }: Node): Views {
  return Array.isArray(data) ? data.map(viewsOf) : data.views
}

function withoutPlace(on: On | null): unknown {
  if (on === null || typeof on === 'string') return on
  const { at, ...whole } = on
  return { ...whole, tensor: at.tensor }
}
