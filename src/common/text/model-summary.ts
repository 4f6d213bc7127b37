import { parameterShares } from '../analysis/parameters.ts'
import type { ModelInfo } from '../contract/schemas.ts'
import { Category } from '../model/category.ts'
import { categoryNames } from './category-names.ts'
import { bytesText, exactCount, percentText, shapeText } from './number-text.ts'
import { visibleText } from './visible-text.ts'

type Summarised = Pick<ModelInfo, 'family' | 'parameters' | 'parametersStored' | 'tensors' | 'ties'>

/**
 * What a model is made of as plain text in columns: totals, categories with their shares, and every tensor by category with its
 * shape and elements. What is tied is listed and counted once.
 */
export function modelSummary(name: string, model: Summarised): string {
  const { family, parameters, parametersStored, tensors, ties } = model
  const shares = parameterShares(tensors)
  const listed = Category.options.filter(own => tensors.some(({ category }) => category === own))
  const all = shares.reduce((sum, { elements }) => sum + elements, 0)
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)
  const totals = [
    ['family', family ?? 'not recognised'],
    ['parameters, tied ones once', exactCount(parameters)],
    ['elements in the files', `${exactCount(parametersStored)} (${bytesText(bytes)})`]
  ]
  const byCategory = shares.map(({ category, elements, tensors: count }) => [
    categoryNames[category],
    exactCount(elements),
    percentText(elements / all),
    `${exactCount(count)} ${count === 1 ? 'tensor' : 'tensors'}`
  ])
  const lists = listed.map(category => [
    categoryNames[category],
    ...columns(
      tensors
        .filter(tensor => tensor.category === category)
        .map(({ name, shape, dtype, parameters, tiedTo }) => [
          `  ${visibleText(name)}`,
          shapeText(shape),
          dtype,
          tiedTo === null ? exactCount(parameters) : `= ${visibleText(tiedTo)}`
        ])
    )
  ])
  const blocks = [
    [visibleText(name)],
    [...columns(totals), ...ties.map(tie => visibleText(tie))],
    columns(byCategory),
    ...lists
  ]
  return `${blocks.map(lines => lines.join('\n')).join('\n\n')}\n`
}

/** Rows with cells below each other; numbers stand at the left, too: no font is known where it is pasted. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    rows.reduce((most, row) => Math.max(most, row[at]!.length), 0)
  )
  return rows.map(row =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd()
  )
}
