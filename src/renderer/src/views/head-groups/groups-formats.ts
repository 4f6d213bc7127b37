import type { Dataset } from '#common/data/dataset.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { FigureCommand } from '#common/figure/provenance.ts'
import {
  groupsNumbers,
  groupsOrigin,
  withGroupsFigure,
  type FiguredGroups,
  type GroupForm
} from '#common/figure/views/groups-figures.ts'
import { lookParams } from '#common/figure/views/look-params.ts'
import { readOfRun } from '#common/figure/views/origin.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { GroupsOptions } from './groups-options.ts'
import type { ShownGroups } from './use-groups.ts'

/** What groups are saved of. */
export interface GroupsToSave extends FiguredGroups {
  /** What tells it from what it is compared with; null where it stands alone. */
  readonly caption: string | null
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly shown: ShownGroups
}

/** The files that groups of heads can be saved as: the form that is seen, and all numbers. */
export function groupsFormats(
  whole: GroupsToSave,
  options: GroupsOptions,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const { modelName, shown, caption } = whole
  const run = readOfRun(whole.run, shown.over)
  const fromAs = (form: GroupForm) => ({
    ...groupsOrigin({ ...whole, run }, version),
    again: commandOf(whole, { ...options, form }, look)
  })
  const of = caption === null ? modelName : caption
  const file = (what: string) => `${of} · heads by ${shown.by} · ${what}`
  const onPaper = { ...look, ...paperLook, shared: caption !== null }
  const noted = (what: string) => (caption === null ? what : `${what}, ${caption}`)
  const data = (what: string, form: GroupForm, names: readonly string[]) =>
    dataFormats(file(what), some(groupsNumbers(whole, form), names), fromAs(form), noted(what))
  const places = groupsNumbers(whole, 'map')
  return [
    ...withGroupsFigure(whole, options, onPaper, version, ({ what, kind, data, dataset }, own) =>
      figureFormats(kind, `${of} · ${what}`, data, own, {
        ...{ from: fromAs(options.form), note: caption ?? '', dataset }
      })
    ),
    ...dataFormats(file('groups'), places, fromAs('map'), noted('groups and places')),
    ...data('distances', 'matrix', ['distance']),
    ...data('linkage', 'dendrogram', ['ward'])
  ]
}

/** The command that groups heads again, as far as what stands beside it reaches. */
function commandOf(
  { shown: { by, scores }, caption, reach }: GroupsToSave,
  { form, groups, color }: GroupsOptions,
  look: Omit<Look, 'range'>
): FigureCommand {
  const { colors, scale, range } = lookParams(look)
  const own = { ...(by === 'scores' && { scores }), ...(caption !== null && { reach }) }
  const params = { form, by, ...own, groups, color, colors, scale, range }
  return { view: 'head-groups', params }
}

/** Some of a dataset's variables. */
function some({ axes, variables, attributes }: Dataset, names: readonly string[]): Dataset {
  const kept = Object.fromEntries(names.map(name => [name, variables[name]!]))
  const used = new Set(Object.values(kept).flatMap(({ axes }) => axes))
  return {
    axes: Object.fromEntries(Object.entries(axes).filter(([name]) => used.has(name))),
    variables: kept,
    attributes
  }
}
