import { z } from 'zod'
import { ProviderChoice } from '#common/model/provider.ts'
import { colorMaps } from '#common/figure/color-table.ts'
import { firstTokens } from '#common/analysis/first-token.ts'
import { poolings } from '#common/analysis/pool.ts'
import { valueScales } from '#common/figure/value-scale.ts'
import { Edit } from '#common/model/edit.ts'
import { Cell, LinkGroup, TabContext } from '#common/model/subject.ts'
import {
  comparisons,
  defaultSettings,
  digitCounts,
  directions,
  rangeModes,
  themes
} from './settings.ts'
import { AnalysisRequest } from '#common/contract/session.ts'
import { Json } from '#common/model/json.ts'
import { Note } from '#common/model/session.ts'
import { explorers } from './window.ts'
import { migrated } from './workspace-migration.ts'

/** A value that takes its default when what was saved does not parse. */
function or<T extends z.ZodType>(schema: T, value: z.output<T>) {
  return schema.catch(value as never)
}

/** An array without the members that do not parse. */
function those<T extends z.ZodType>(schema: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform(members =>
      members.flatMap(member => {
        const parsed = schema.safeParse(member)
        return parsed.success ? [parsed.data] : []
      })
    )
}

const Index = z.number().int().min(0)
const Panel = (open: boolean, width: number) =>
  or(z.object({ open: z.boolean(), width: z.number().min(120).max(800) }), { open, width })

const Tab = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  context: TabContext.catch({ on: 'A', with: null }),
  preview: or(z.boolean(), false)
})
/** What a link group is about. */
const Group = z.object({
  name: LinkGroup,
  /** Path of its model. */
  model: or(z.string().nullable(), null),
  /** By the path of the model. */
  texts: or(z.record(z.string(), z.string()), {}),
  /** What is typed as token ids instead, by the path of the model. */
  ids: or(z.record(z.string(), z.string().nullable()), {}),
  /** By the path of the model. */
  edits: or(z.record(z.string(), z.array(Edit)), {}),
  layer: or(Index, 0),
  head: or(Index, 0),
  /** The head that was chosen in each model, by its path. */
  heads: or(z.record(z.string(), z.object({ layer: Index, head: Index })), {}),
  cell: or(Cell.nullable(), null)
})

/** What the window knows of a session. What does not parse falls back to its default, alone. */
export const SessionWindow = z.object({
  version: z.literal(2),
  models: those(z.string().min(1)),
  groups: those(Group),
  provider: or(ProviderChoice, 'auto'),
  tabs: those(Tab),
  activeTab: or(z.string().nullable(), null),
  layout: z.unknown().catch(null),
  /** What analyses were asked, whose results the session may keep. */
  lookedAt: those(AnalysisRequest)
})
export type SessionWindow = z.output<typeof SessionWindow>

/** The window as it is saved: the session as it is now, which file it is of, and how the window is set. */
export const WorkspaceState = SessionWindow.extend({
  /** Null for one that was never saved. */
  file: or(z.object({ path: z.string().min(1), savedAt: z.number() }).nullable(), null),
  /** Whether the session differs from what is saved of it. */
  changed: or(z.boolean(), false),
  notes: those(Note),
  findings: those(Json),
  figures: those(Json),
  /** Which notes on the reading of models were looked at, by their fingerprints. */
  knownNotes: or(z.record(z.string(), those(z.string())), {}),
  settings: or(
    z.object({
      theme: or(z.enum(themes), defaultSettings.theme),
      direction: or(z.enum(directions), defaultSettings.direction),
      digits: or(z.enum(digitCounts), defaultSettings.digits),
      colorMap: or(z.enum(colorMaps), defaultSettings.colorMap),
      scale: or(z.enum(valueScales), defaultSettings.scale),
      range: or(z.enum(rangeModes), defaultSettings.range),
      pooling: or(z.enum(poolings), defaultSettings.pooling),
      firstToken: or(z.enum(firstTokens), defaultSettings.firstToken),
      comparison: or(z.enum(comparisons), defaultSettings.comparison),
      hints: those(z.string())
    }),
    { ...defaultSettings, hints: [] }
  ),
  panels: or(
    z.object({
      left: Panel(false, 224),
      explorer: or(z.enum(explorers), 'models'),
      right: Panel(true, 216),
      gridShare: or(z.number().min(0.1).max(0.9).nullable(), null)
    }),
    {
      left: { open: false, width: 224 },
      explorer: 'models',
      right: { open: true, width: 216 },
      gridShare: null
    }
  )
})
export type WorkspaceState = z.output<typeof WorkspaceState>

/** What the window wrote into a session; null when it is of a later version. */
export function parseSessionWindow(written: unknown): SessionWindow | null {
  return SessionWindow.safeParse(written).data ?? null
}

/** A saved arrangement, of this version or an earlier one; null when there is none or it is of a later one. */
export function parseWorkspace(saved: unknown): WorkspaceState | null {
  const parsed = WorkspaceState.safeParse(migrated(saved))
  return parsed.success ? parsed.data : null
}
