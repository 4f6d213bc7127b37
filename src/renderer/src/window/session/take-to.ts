import { isSameChoice } from '#common/model/chosen-model.ts'
import { itemKey, type LibraryItem, type PastRun } from '#common/model/library.ts'
import { linkGroups, type LinkGroup } from '#common/model/subject.ts'
import { useLibrary } from '../../stores/library.ts'
import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSession } from '../../stores/session.ts'
import { useStatus } from '../../stores/status.ts'
import { useTabs, type Tab } from '../../stores/tabs.ts'
import { bringBack, takeAs } from '../open-model.ts'
import {
  differences,
  isEqual,
  modelsOf,
  standOf,
  toldOfTab,
  written,
  type OfScopes,
  type SessionValue
} from './session-value.ts'

/**
 * Changes in the session what differs between two values of it, and nothing else: what was selected, computed or kept by
 * another window meanwhile stays.
 * @returns ends once the library is as it was, too; models that open again may be on their way
 */
export function takeTo(from: SessionValue, to: SessionValue): Promise<void> {
  const runs = useRuns()
  // Before the tabs that show them.
  runs.texts = withDifferences(runs.texts, from.texts, to.texts)
  runs.ids = withDifferences(runs.ids, from.ids, to.ids)
  runs.edits = withDifferences(runs.edits, from.edits, to.edits)
  if (from.provider !== to.provider) useStatus().choice = to.provider
  const carried = from.carried === to.carried ? runs.carried : to.carried
  const session = useSession()
  if (!isEqual(written(from.notes), written(to.notes))) session.notes = to.notes
  if (from.findings !== to.findings) session.findings = to.findings
  if (from.figures !== to.figures) session.figures = to.figures
  takeTabs(from, to)
  takeChosen(from, to)
  takeModels(from, to)
  // What a group was about until now carried its text there.
  runs.carried = carried
  return takeLibrary(from, to)
}

function withDifferences<T>(now: OfScopes<T>, from: OfScopes<T>, to: OfScopes<T>): OfScopes<T> {
  const next: Record<string, Record<string, T>> = {}
  for (const { scope, path } of differences(from, to)) {
    const own = (next[scope] ??= { ...now[scope] })
    const value = to[scope]?.[path]
    if (value === undefined) delete own[path]
    else own[path] = value
  }
  return { ...now, ...next }
}

function takeTabs({ tabs: from }: SessionValue, { tabs: to }: SessionValue): void {
  const tabs = useTabs()
  const next = to.tabs.map(tab => {
    const was = from.tabs.find(({ id }) => id === tab.id)
    const now = tabs.find(tab.id)
    return was && now ? merged(now, was, tab) : tab
  })
  if (standOf(from.layout) !== standOf(to.layout)) tabs.restore({ ...to, tabs: next })
  else {
    const changed = next.find(tab => !isEqual(tab, tabs.find(tab.id)))
    tabs.tabs = next
    if (changed) tabs.show(changed.id)
  }
}

/** A tab as it is now, with what differs between two states of it. */
function merged(now: Tab, was: Tab, then: Tab): Tab {
  const [from, to] = [toldOfTab(was), toldOfTab(then)]
  const { on, with: other, options } = now.context
  return {
    ...now,
    type: from.type === to.type ? now.type : then.type,
    context: {
      on: isEqual(from.on, to.on) ? on : then.context.on,
      with: isEqual(from.other, to.other) ? other : then.context.with,
      options: isEqual(from.options, to.options) ? options : then.context.options
    }
  }
}

function takeModels(from: SessionValue, to: SessionValue): void {
  const models = useModels()
  const [before, after] = [from, to].map(value => new Set(modelsOf(value)))
  for (const path of before!.difference(after!)) void models.leave(path)
  const awaited: Partial<Record<LinkGroup, string>> = {}
  for (const group of linkGroups) {
    const path = to.groups[group]
    if (path === from.groups[group]) continue
    models.activate(models.open.find(model => model.path === path)?.id ?? null, group)
    if (path !== undefined) awaited[group] = path
  }
  const isOpen = (path: string) => models.open.some(model => model.path === path)
  const lacking = [...after!.difference(before!)].filter(path => !isOpen(path))
  void bringBack(lacking, awaited)
}

function takeChosen(from: SessionValue, to: SessionValue): void {
  const models = useModels()
  for (const path of Object.keys({ ...from.chosen, ...to.chosen })) {
    const wanted = to.chosen[path]
    if (isSameChoice(from.chosen[path], wanted)) continue
    // At once: it is no step of its own.
    models.choose(path, wanted ?? null)
    const isOpen = models.open.some(model => model.path === path)
    if (isOpen && wanted) void takeAs({ path, of: wanted.fingerprint, as: wanted.as })
  }
}

async function takeLibrary(from: SessionValue, to: SessionValue): Promise<void> {
  const library = useLibrary()
  const lacks = (items: readonly LibraryItem[], item: LibraryItem) =>
    !items.some(other => itemKey(other) === itemKey(item))
  const gone = from.items.filter(item => lacks(to.items, item))
  for (const item of to.items) {
    const was = from.items.find(other => itemKey(other) === itemKey(item))
    if (was === item || isEqual(was, item)) continue
    // A name that was changed is changed back in one.
    const named = was
      ? undefined
      : gone.find(other => isEqual({ ...other, name: '' }, { ...item, name: '' }))
    if (named) gone.splice(gone.indexOf(named), 1)
    await library.put(item, named?.name ?? null)
  }
  for (const item of gone) await library.remove(item)
  const isIn = (runs: readonly PastRun[], past: PastRun) => runs.some(other => isEqual(other, past))
  const again = from.forgotten.filter(past => !isIn(to.forgotten, past))
  const forgotten = to.forgotten.filter(past => !isIn(from.forgotten, past))
  if (again.length > 0) await library.remind(again)
  if (forgotten.length > 0) await library.forget(forgotten)
}
