import { expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { hookAxes } from '../../../../src/main/shell/cli/save-run.ts'

it.each([
  ['logits', 'labels', ['row', 'label']],
  ['logits', 'next', ['pos', 'd_vocab']],
  ['blocks.0.attn.hook_pattern', 'labels', ['head', 'query', 'key']]
] as const)('the axes of %s of a model that predicts %s', (hook, predicts, axes) => {
  expect(hookAxes(hook, { predicts } as ModelInfo)).toEqual(axes)
})
