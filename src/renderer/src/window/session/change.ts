import { isSameChoice } from '#common/model/chosen-model.ts'
import type { ItemKind, LibraryItem } from '#common/model/library.ts'
import type { Note } from '#common/model/session.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { sessionFigures, type SessionFigure } from '#common/figure/panels/session-figure.ts'
import type { Done } from '../../stores/session-history.ts'
import type { Tab } from '../../stores/tabs.ts'
import {
  differences,
  isEqual,
  modelsOf,
  standOf,
  toldOfTab,
  written,
  type SessionValue
} from './session-value.ts'

/** What was done, such as `closed Head 1.3`, and what goes on with it, such as typing. */
export type Change = Pick<Done<SessionValue>, 'label' | 'joins' | 'deleted'>

/** What tabs and models are called. */
export interface Names {
  tab(tab: Tab): string
  model(path: string): string
}

/** Between two letters that are typed as one. */
const typing = 1000

/** What was done between two values of a session; null for nothing that would be taken back. */
export function changeBetween(
  before: SessionValue,
  after: SessionValue,
  names: Names
): Change | null {
  return (
    tabChange(before, after, names) ??
    modelChange(before, after, names) ??
    chosenChange(before, after, names) ??
    inputChange(before, after) ??
    providerChange(before, after) ??
    itemChange(before.items, after.items) ??
    forgottenChange(before, after) ??
    noteChange(before.notes, after.notes) ??
    countChange(before.findings, after.findings, 'finding') ??
    figureChange(before.figures, after.figures)
  )
}

function tabChange(before: SessionValue, after: SessionValue, names: Names): Change | null {
  const [from, to] = [before.tabs.tabs, after.tabs.tabs]
  const opened = to.filter(({ id }) => !from.some(tab => tab.id === id))
  const closed = from.filter(({ id }) => !to.some(tab => tab.id === id))
  if (opened.length > 0 && closed.length > 0) return done('chose a layout')
  if (opened.length > 0) return opening(opened, names)
  if (closed.length > 0) return done(`closed ${tabsText(closed, names)}`)
  for (const tab of to) {
    const was = from.find(({ id }) => id === tab.id)
    const change = was === undefined || was === tab ? null : contextChange(was, tab, names)
    if (change) return change
  }
  if (standOf(before.tabs.layout) === standOf(after.tabs.layout)) return null
  const moved = to.find(({ id }) => id === after.tabs.active)
  return done(`moved ${moved ? names.tab(moved) : 'tabs'}`)
}

function opening(opened: readonly Tab[], names: Names): Change {
  const [tab] = opened
  const change = done(`opened ${tabsText(opened, names)}`)
  return tab?.preview ? { ...change, joins: lookAt(tab) } : change
}

function contextChange(was: Tab, tab: Tab, names: Names): Change | null {
  const [from, to] = [toldOfTab(was), toldOfTab(tab)]
  const name = names.tab(tab)
  if (from.type !== to.type || (tab.preview && !isEqual(from.on, to.on)))
    return { ...done(`opened ${name}`), joins: lookAt(tab) }
  if (!isEqual(from.other, to.other))
    return done(
      to.other === null ? `compared ${names.tab(was)} no more` : `compared ${names.tab(was)}`
    )
  if (!isEqual(from.on, to.on)) return ranText(was, tab) ?? done(linkText(from.on, to.on, name))
  if (isEqual(from.options, to.options)) return null
  return joined(`set ${name}`, `options ${tab.id}`)
}

/** What a tab that stands alone ran goes on with the text that was typed for that. */
function ranText(was: Tab, tab: Tab): Change | null {
  const [from, to] = [was.context.on, tab.context.on]
  if (typeof from === 'string' || typeof to === 'string') return null
  if (!('run' in from && 'run' in to) || isEqual(from.run.input, to.run.input)) return null
  const isOtherwiseSame = isEqual(
    { ...from, at: to.at, run: { ...from.run, input: to.run.input } },
    to
  )
  if (!isOtherwiseSame) return null
  const key = textKey(tab.id, to.run.model.path)
  return { ...done('changed the text'), joins: { key, within: Infinity } }
}

/** One that is opened for a look takes the place of the one before. */
function lookAt({ id }: Tab): Change['joins'] {
  return { key: `look ${id}`, within: Infinity }
}

function linkText(from: unknown, to: unknown, name: string): string {
  if (typeof to === 'string') return `linked ${name} to group ${to}`
  return typeof from === 'string'
    ? `had ${name} stay on what it is about`
    : `changed what ${name} is about`
}

function modelChange(before: SessionValue, after: SessionValue, names: Names): Change | null {
  const there = modelsOf(after)
  const closed = modelsOf(before).filter(path => !there.includes(path))
  if (closed.length > 1) return done(`closed ${closed.length} models`)
  if (closed.length === 1) return done(`closed ${names.model(closed[0]!)}`)
  for (const [group, path] of Object.entries(after.groups)) {
    if (before.groups[group as keyof typeof before.groups] === path) continue
    const verb = before.models.includes(path) ? 'switched to' : 'opened'
    return done(`${verb} ${names.model(path)}`)
  }
  return null
}

function chosenChange(before: SessionValue, after: SessionValue, names: Names): Change | null {
  const paths = Object.keys({ ...before.chosen, ...after.chosen })
  const path = paths.find(path => !isSameChoice(before.chosen[path], after.chosen[path]))
  if (path === undefined) return null
  const [as, name] = [after.chosen[path]?.as, names.model(path)]
  if (as === 'present') return done(`opened ${name} as it is there`)
  return done(as === 'aside' ? `set ${name} aside` : `computed with ${name} again`)
}

function inputChange(before: SessionValue, after: SessionValue): Change | null {
  const [text] = differences(before.texts, after.texts)
  const [ids] = differences(before.ids, after.ids)
  const [edits] = differences(before.edits, after.edits)
  if (edits) return done(text || ids ? 'changed the text and the edits' : 'changed the edits')
  const input = text ?? ids
  if (!input) return null
  return joined('changed the text', textKey(input.scope, input.path))
}

function providerChange(before: SessionValue, { provider }: SessionValue): Change | null {
  return before.provider === provider ? null : done(`set the provider to ${provider}`)
}

function textKey(scope: string, path: string): string {
  return `text ${scope} ${path}`
}

const kindNames: Readonly<Record<ItemKind, string>> = {
  text: 'text',
  pair: 'pair',
  corpus: 'corpus',
  edits: 'edits',
  layout: 'layout'
}

function itemChange(before: readonly LibraryItem[], after: readonly LibraryItem[]): Change | null {
  if (before === after) return null
  const has = (items: readonly LibraryItem[], { kind, name }: LibraryItem) =>
    items.find(item => item.kind === kind && item.name === name)
  const told = ({ kind, name }: LibraryItem) => `the ${kindNames[kind]} “${visibleText(name)}”`
  const added = after.find(item => !has(before, item))
  const gone = before.find(item => !has(after, item))
  if (added && gone) return done(`renamed ${told(gone)}`)
  if (added) return done(`kept ${told(added)}`)
  if (gone) return { ...done(`deleted ${told(gone)}`), deleted: visibleText(gone.name) }
  const changed = after.find(item => !isEqual(has(before, item), item))
  return changed ? done(`changed ${told(changed)}`) : null
}

function forgottenChange(before: SessionValue, after: SessionValue): Change | null {
  const count = after.forgotten.length - before.forgotten.length
  if (count <= 0) return null
  const what = count === 1 ? 'a run' : `${count} runs`
  return { ...done(`deleted ${what}`), deleted: count === 1 ? 'A run' : `${count} runs` }
}

function noteChange(before: readonly Note[], after: readonly Note[]): Change | null {
  if (before === after) return null
  const [from, to] = [written(before), written(after)]
  const gone = from.find(({ id }) => !to.some(note => note.id === id))
  if (gone && after.some(({ id }) => id === gone.id)) return wrote(gone)
  if (gone) return { ...done('deleted a note'), deleted: 'A note' }
  const changed = to.find(note => !from.some(other => isEqual(other, note)))
  return changed ? wrote(changed) : null
}

function wrote({ id }: Note): Change {
  return joined('wrote a note', `note ${id}`)
}

function countChange(
  before: readonly unknown[],
  after: readonly unknown[],
  what: string
): Change | null {
  if (after.length > before.length) return done(`kept a ${what}`)
  if (after.length < before.length) return { ...done(`removed a ${what}`), deleted: `A ${what}` }
  return isEqual(before, after) ? null : done(`changed a ${what}`)
}

function figureChange(
  before: SessionValue['figures'],
  after: SessionValue['figures']
): Change | null {
  if (before === after) return null
  const [from, to] = [sessionFigures(before), sessionFigures(after)]
  const told = ({ name }: SessionFigure) => `“${visibleText(name)}”`
  const added = to.find(({ id }) => !from.some(figure => figure.id === id))
  if (added) return done(`made ${told(added)}`)
  const gone = from.find(({ id }) => !to.some(figure => figure.id === id))
  if (gone) return { ...done(`deleted ${told(gone)}`), deleted: visibleText(gone.name) }
  for (const figure of to) {
    const was = from.find(({ id }) => id === figure.id)
    if (was === undefined || isEqual(was, figure)) continue
    if (was.name !== figure.name) return done(`renamed ${told(was)}`)
    const more = figure.panels.length - was.panels.length
    if (more > 0) return done(`added a panel to ${told(figure)}`)
    if (more < 0) return done(`removed a panel of ${told(figure)}`)
    return done(`changed ${told(figure)}`)
  }
  return countChange(before, after, 'figure')
}

function tabsText(tabs: readonly Tab[], names: Names): string {
  return tabs.length === 1 ? names.tab(tabs[0]!) : `${tabs.length} tabs`
}

function done(label: string): Change {
  return { label, joins: null, deleted: null }
}

function joined(label: string, key: string): Change {
  return { label, joins: { key, within: typing }, deleted: null }
}
