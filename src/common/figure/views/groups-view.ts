import { z } from 'zod'
import { headAtlas } from '../../analysis/head-atlas/head-atlas.ts'
import { byPatterns, byScores } from '../../analysis/head-distances/grouped-heads.ts'
import { groupingOf } from '../../analysis/head-distances/grouping.ts'
import type { Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { numberText } from '../../text/number-text.ts'
import { figureView, modelFigure, readInWindows, type AskedParams } from './figure-view.ts'
import {
  drawnGroups,
  groupColors,
  groupForms,
  mostGroups,
  nothingTells,
  reachOf,
  toldGroups,
  usualScores,
  withGroupsFigure,
  type GroupedBy
} from './groups-figures.ts'
import { LookParams, lookOf, plainLook } from './look-params.ts'

const Length = z.number().min(0)
const GroupsParams = LookParams.omit({ pooling: true, range: true }).extend({
  range: z.enum(['automatic', 'fixed']).default('automatic'),
  /** How far figures reach that are compared with others; as far as their own heads are apart where it is left out. */
  reach: z
    .strictObject({
      height: Length,
      distance: Length,
      map: z.strictObject({ x: Length, y: Length })
    })
    .nullable()
    .default(null),
  form: z.enum(groupForms).default('dendrogram'),
  /** What heads are near one another by. */
  by: z.enum(['patterns', 'scores']).default('patterns'),
  /** Those of the second, by their names. */
  scores: z
    .array(z.string())
    .min(1)
    .default([...usualScores]),
  groups: z.int().min(2).max(mostGroups).default(4),
  /** What colours of the map tell apart. */
  color: z.enum(groupColors).default('group')
})
type GroupsParams = z.output<typeof GroupsParams>

/** What is drawn by chance is drawn alike each time. */
const seed = 0

/** Heads that attend alike, or whose scores are alike. */
export const headGroupsView = figureView({
  name: 'head-groups',
  analyses: ['head-distances'],
  about:
    'heads that attend alike, or whose scores are alike, as a tree, a map or a matrix of distances',
  of: 'windows',
  params: GroupsParams,
  async make(source, params) {
    const { model, version } = source
    const { run, analysis, read: readOf } = await readInWindows(source)
    const scored = await analysis('head-statistics', { classes: {}, seed })
    const atlas = headAtlas(scored, null)
    const shown = await shownGroups(analysis, params, { scored, atlas })
    const drawn = drawnGroups(shown, params.groups)
    const read = readOf(Number(shown.result.attributes['windows']))
    const told = toldGroups(drawn, atlas, numberText)
    const reach = params.reach ?? reachOf([shown])
    const whole = { model, run, shown, drawn, told, reach, read }
    const own = lookOf({ ...params, pooling: 'maximum' }, plainLook.range)
    const look = { ...own, shared: params.reach !== null }
    return withGroupsFigure(whole, params, look, version, (figure, own) =>
      modelFigure(model, figure, own)
    )
  }
})

async function shownGroups(
  analysis: (name: string, params: AskedParams) => Promise<Dataset>,
  { by, scores }: GroupsParams,
  {
    scored,
    atlas
  }: {
    readonly scored: GroupedBy['result']
    readonly atlas: ReturnType<typeof headAtlas>
  }
): Promise<GroupedBy> {
  if (by === 'patterns') {
    const result = await analysis('head-distances', { layers: null })
    return { by, scores, left: [], result, ...byPatterns(result) }
  }
  const unknown = scores.find(name => !atlas.scores.some(score => score.name === name))
  if (unknown !== undefined)
    throw new LamellaError(
      'invalid-argument',
      `${unknown}: heads have no such score; there are ${atlas.scores.map(({ name }) => name).join(', ')}`
    )
  const { used, left, heads, distances } = byScores(atlas, scores)
  if (used === 0) throw nothingTells()
  const grouping = groupingOf(distances, heads.length)
  return {
    by,
    scores,
    left,
    result: scored,
    heads,
    distances,
    grouping,
    unit: 'standard deviations'
  }
}
