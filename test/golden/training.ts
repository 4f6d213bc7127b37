import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../src/main/checkpoint/read.ts'
import { soundSafetensors } from '../bad/safetensors.ts'

/** How a checkpoint differs from the model that a training ends with: so often the weights of these names. */
export interface Stage {
  readonly factor: number
  readonly of: RegExp
}

/**
 * A folder of checkpoints as Trainer names them: those of a model, some of its weights multiplied.
 * @param beside files of the model's that each has, too
 */
export async function trainingFolder(
  model: string,
  stages: Readonly<Record<number, Stage>>,
  beside: readonly string[] = ['config.json']
): Promise<string> {
  const training = mkdtempSync(join(tmpdir(), 'lamella-training-'))
  for (const [step, stage] of Object.entries(stages)) {
    const folder = join(training, `checkpoint-${step}`)
    mkdirSync(folder)
    for (const name of beside) cpSync(join(model, name), join(folder, name))
    writeFileSync(join(folder, 'model.safetensors'), await stagedWeights(model, stage))
  }
  return training
}

/** The file of such a checkpoint. */
export async function stagedWeights(
  model: string,
  { factor, of }: Stage
): Promise<Uint8Array<ArrayBuffer>> {
  const { tensors } = await openCheckpoint(model)
  const stored = []
  for (const [name, entry] of tensors) {
    const data = await readFloat32(entry)
    if (of.test(name)) data.forEach((value, i) => (data[i] = factor * value))
    stored.push({ name, dtype: 'F32', shape: entry.shape, data: new Uint8Array(data.buffer) })
  }
  return soundSafetensors(stored)
}
