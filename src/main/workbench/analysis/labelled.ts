import { axis, type Dataset } from '#common/data/dataset.ts'
import { tokenLabel, type Token } from '#common/model/token.ts'
import { counted } from '#common/text/number-text.ts'
import { unknownText } from '#common/text/unknown-text.ts'
import type { Reading } from './corpus-run.ts'

/** A result with the tokens it is of, or with the windows. */
export function labelled(
  result: Dataset,
  { windows, labels, sizes, left, only, unknown, notFinite }: Reading
): Dataset {
  const attributes = {
    ...result.attributes,
    windows,
    ...(left.length > 0 && { left_out: left }),
    ...(unknown.tokens > 0 && { unknown: unknownText(unknown) }),
    ...(notFinite.windows > 0 && {
      not_finite: `NaN or infinite values in ${notFinite.windows} of ${counted(windows, 'window')}, first in ${notFinite.first}`
    }),
    ...(windows > labels.length && {
      unlisted: `the labels of the first ${labels.length} windows are listed`
    })
  }
  if (only !== null) return { ...withTokens(result, only), attributes }
  if (result.axes['window'] !== undefined) {
    const fits = result.axes['window'].length === labels.length
    return {
      ...result,
      axes: { ...result.axes, ...(fits && { window: axis(labels) }) },
      attributes
    }
  }
  return {
    axes: { ...result.axes, window: axis(labels) },
    variables: {
      ...result.variables,
      window_tokens: {
        axes: ['window'],
        unit: 'tokens',
        about: 'tokens of each window',
        data: Int32Array.from(sizes)
      }
    },
    attributes
  }
}

function withTokens(result: Dataset, tokens: readonly Token[]): Dataset {
  const { pos } = result.axes
  if (pos !== undefined && pos.length !== tokens.length) return result
  return {
    ...result,
    axes: { ...result.axes, pos: axis(tokens.map(tokenLabel)) },
    variables: {
      ...result.variables,
      input_ids: {
        axes: ['pos'],
        unit: '',
        about: 'token ids',
        data: Int32Array.from(tokens, ({ id }) => id)
      }
    }
  }
}
