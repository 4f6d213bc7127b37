import { expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { hookAxes } from '../../../../src/main/shell/cli/save-run.ts'

it.each([
  ['logits', { predicts: 'labels', ofText: true }, ['batch', 'label']],
  ['logits', { predicts: 'labels' }, ['pos', 'label']],
  ['logits', { predicts: 'next' }, ['pos', 'd_vocab']],
  ['blocks.0.attn.hook_pattern', { predicts: 'labels' }, ['head', 'query', 'key']]
] as const)('the axes of %s of a model with %o', (hook, model, axes) => {
  expect(hookAxes(hook, model as ModelInfo)).toEqual(axes)
})
