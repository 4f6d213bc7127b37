import { LamellaError } from '#common/model/errors.ts'
import type { DirectEffects } from './direct-effects.ts'
import type { Forward } from './forward.ts'
import type { Gradients } from './gradients.ts'
import type { Model } from '../model/model.ts'
import type { OnnxRunnable } from './onnx-parts.ts'
import type { RunnableModel } from '../model/model.ts'
import type { RunRecord } from './run-record.ts'

/** A model that can run: block by block as a family reads it, or by its own ONNX graph. */
export type Runnable = RunnableModel | OnnxRunnable

/** @throws LamellaError `unsupported` saying why it cannot run */
export function runnable(model: Model): Runnable {
  const { spec, onnx } = model
  if (spec !== null) return { ...model, spec }
  if (onnx !== null) return { ...model, onnx }
  const { notRunnable, notRunnableHint } = model.info
  throw new LamellaError(
    'unsupported',
    notRunnable ?? 'This model cannot run',
    notRunnableHint ?? undefined
  )
}

export function isOnnx(model: Runnable): model is OnnxRunnable {
  return model.onnx !== null
}

/** The longest text and the largest token id, as a number of each. */
export function sizesOf(model: Runnable): { readonly nCtx: number; readonly dVocab: number } {
  return isOnnx(model) ? model.onnx.widths : model.spec
}

/** Differentiates the runs of models that run block by block; an ONNX graph is not known well enough. */
export function gradientsOfEither(blocks: Gradients): Gradients<Runnable> {
  return {
    of: async (record, ...rest) => blocks.of(byBlocks(record), ...rest),
    value: async (record, ...rest) => blocks.value(byBlocks(record), ...rest),
    visit: async (record, ...rest) => blocks.visit(byBlocks(record), ...rest)
  }
}

/** Takes logits of the models apart that run block by block. */
export function directOfEither(blocks: DirectEffects): DirectEffects<Runnable> {
  return { of: async (record, ...rest) => blocks.of(byBlocks(record, 'taken apart'), ...rest) }
}

function byBlocks({ model, ...record }: RunRecord<Runnable>, what = 'differentiated'): RunRecord {
  if (!isOnnx(model)) return { ...record, model } as RunRecord
  throw new LamellaError(
    'unsupported',
    `${model.info.name}: runs of an ONNX graph are not ${what}`,
    'Open the model as safetensors or PyTorch files.'
  )
}

/** Computes runs of either kind. */
export function forwardOfEither(
  blocks: Forward<RunnableModel>,
  onnx: Forward<OnnxRunnable>
): Forward<Runnable> {
  const of = ({ model }: RunRecord<Runnable>): Forward<Runnable> => (isOnnx(model) ? onnx : blocks)
  return {
    run: (record, ...rest) => of(record).run(record, ...rest),
    isComplete: record => of(record).isComplete(record),
    value: (record, ...rest) => of(record).value(record, ...rest),
    logits: (record, ...rest) => of(record).logits(record, ...rest),
    visit: (record, ...rest) => of(record).visit(record, ...rest)
  }
}
