import { z } from 'zod'
import { Edit } from '../model/edit.ts'
import { or, those } from '../model/lenient.ts'
import { ObjectSet } from '../model/object-set.ts'
import { ProviderChoice } from '../model/provider.ts'
import { Cell, LinkGroup, TabContext } from '../model/subject.ts'
import { AnalysisRequest } from './session.ts'

const Index = z.number().int().min(0)

/** More than anyone has open; a window builds them all at once. */
const mostTabs = 500

/** More than anyone has open; they are opened one after the other. */
const mostModels = 200

/** The dock keeps tabs in objects, whose own members are no tabs. */
const TabId = z
  .string()
  .min(1)
  .max(200)
  .refine(id => !(id in {}), 'expected no name of every object’s members')
const Tab = z.object({
  id: TabId,
  type: z.string().min(1),
  context: TabContext.catch({ on: 'A', with: null }),
  preview: or(z.boolean(), false)
})
/** A cell, and what is selected together; the latter is left out of sessions from before it was kept. */
const selection = {
  cell: or(Cell.nullable(), null),
  selected: ObjectSet.nullable().optional().catch(null)
}
/** By the path of the model. */
const Texts = z.record(z.string(), z.string())
/** What is typed as token ids instead, by the path of the model. */
const Ids = z.record(z.string(), z.string().nullable())
/** By the path of the model. */
const Edits = z.record(z.string(), z.array(Edit))
/** What a link group is about. */
const Group = z.object({
  name: LinkGroup,
  /** Path of its model. */
  model: or(z.string().nullable(), null),
  texts: or(Texts, {}),
  ids: or(Ids, {}),
  edits: or(Edits, {}),
  layer: or(Index, 0),
  head: or(Index, 0),
  /** The head that was chosen in each model, by its path. */
  heads: or(z.record(z.string(), z.object({ layer: Index, head: Index })), {}),
  ...selection
})
/** What is selected in a tab that stands alone, and what was typed there, which may not have run; that is left out where nothing was. */
const Alone = z.object({
  tab: TabId,
  ...selection,
  texts: Texts.optional().catch(undefined),
  ids: Ids.optional().catch(undefined),
  edits: Edits.optional().catch(undefined)
})

/** Of what a window writes. */
export const windowVersion = 2

/** What the window knows of a session. What does not parse falls back to its default, alone. */
export const SessionWindow = z.object({
  version: z.literal(windowVersion),
  models: those(z.string().min(1)).transform(models => models.slice(0, mostModels)),
  groups: those(Group),
  /** Left out of sessions from before it was kept. */
  alone: those(Alone).optional(),
  /** The text edited last, which a model with none of its own shows. Left out of sessions from before it was kept. */
  carried: z.string().optional().catch(undefined),
  provider: or(ProviderChoice, 'auto'),
  tabs: those(Tab).transform(tabs => tabs.slice(0, mostTabs)),
  activeTab: or(z.string().nullable(), null),
  layout: z.unknown().catch(null),
  /** What analyses were asked, whose results the session may keep. */
  lookedAt: those(AnalysisRequest)
})
export type SessionWindow = z.output<typeof SessionWindow>

/** What the window wrote into a session; null when it is of a later version. */
export function parseSessionWindow(written: unknown): SessionWindow | null {
  return SessionWindow.safeParse(written).data ?? null
}

/** Whether a window was written by a later version, which knows more of it. */
export function isOfLaterVersion(written: unknown): boolean {
  const told = z.looseObject({ version: z.number() }).safeParse(written).data
  return told !== undefined && told.version > windowVersion
}

/** A window with no tabs, whose one group is about a model; about none for null. */
export function emptySessionWindow(name: LinkGroup, model: string | null): SessionWindow {
  return {
    version: windowVersion,
    models: [],
    groups: [emptyGroup(name, model)],
    provider: 'auto',
    tabs: [],
    activeTab: null,
    layout: null,
    lookedAt: []
  }
}

/** The same window with one of its groups about another model, in which nothing is selected. */
export function withModel(window: SessionWindow, name: LinkGroup, model: string): SessionWindow {
  const { models, groups } = window
  const known = groups.find(group => group.name === name) ?? emptyGroup(name, model)
  const own = { ...known, model, cell: null, selected: null }
  return {
    ...window,
    models: [...new Set([...models, model])],
    groups: [...groups.filter(group => group !== known), own]
  }
}

function emptyGroup(name: LinkGroup, model: string | null): SessionWindow['groups'][number] {
  const nothing = { texts: {}, ids: {}, edits: {}, heads: {}, cell: null, selected: null }
  return { name, model, layer: 0, head: 0, ...nothing }
}
