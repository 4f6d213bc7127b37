import type { z } from 'zod'
import type { PositionParams } from '../../analysis/positions/positions.ts'
import { variable, type Dataset } from '../../data/dataset.ts'
import { firstBeyond, matrixShape, trainedLength, type TrainedLength } from './position-forms.ts'

/** What is to be known of how positions are told, a part each. */
export function positionWords(
  result: Dataset,
  trained: number | null,
  numberText: (value: number) => string
): { readonly text: string; readonly more: readonly string[] } {
  const { attributes, variables } = result
  const text = (name: string) => {
    const value = attributes[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  }
  const parts: string[] = []
  const more: string[] = []
  const shape = matrixShape(result)
  if (shape !== null) {
    const kind = text('embedding') === 'learned' ? 'learned' : 'sines and cosines'
    parts.push(`${kind}, ${shape.rows} positions × ${shape.width} dimensions`)
    const adjacent = [...variable(result, 'adjacent').data].filter(Number.isFinite)
    if (adjacent.length > 0) {
      const mean = adjacent.reduce((sum, value) => sum + value, 0) / adjacent.length
      parts.push(`neighbours correlate ${numberText(mean)}`)
    }
    const beyond = firstBeyond(result, trained)
    if (beyond !== null) parts.push(`from ${beyond} on beyond the training length`)
    const some = text('positions')
    if (some !== null) parts.push(some)
    const cosines = text('cosine_of')
    if (cosines !== null) more.push(`Cosines of ${cosines}`)
  }
  if ('wavelength' in variables) {
    const rotary = attributes['rotary'] as
      { base?: number; scaling?: { type?: string } } | undefined
    const { base = NaN, scaling } = rotary ?? {}
    const scaled = scaling?.type === undefined || scaling.type === 'none' ? '' : `, ${scaling.type}`
    parts.push(`rotary, base ${base.toLocaleString('en-US')}${scaled}`)
  }
  if ('slopes' in variables) parts.push('linear biases (ALiBi)')
  if ('relative' in variables) parts.push('biases by relative position')
  const known = trainedLength(result, trained)
  if (known !== null) more.push(trainedWords(known))
  const layer = text('layer')
  const alike = attributes['alike_layers']
  if (layer !== null && Array.isArray(alike))
    parts.push(alike.length === 1 ? `of layer ${layer} alone` : `of ${alike.length} layers alike`)
  return { text: parts.join(' · '), more }
}

/** Who says how long the texts of training were. */
function trainedWords({ tokens, by }: TrainedLength): string {
  if (by === 'weights')
    return `Positions from ${tokens} on are like none of their neighbours: texts of training were shorter, as it seems`
  const who = by === 'config' ? 'config.json says' : 'as was typed'
  return `Trained on texts of up to ${tokens.toLocaleString('en-US')} tokens, ${who}`
}

/** What a table that is no model's is called; null where there is none. */
export function positionTableName(table: z.output<typeof PositionParams>['table']): string | null {
  if (table === null) return null
  if (table.kind === 'alibi') return `ALiBi, ${table.heads} heads`
  return `${table.kind === 'rotary' ? 'Rotary' : 'Sinusoidal'}, base ${table.base.toLocaleString('en-US')}`
}
