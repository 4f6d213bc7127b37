import type { TransformerSpec } from '#common/model/spec.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { sha256 } from '../files/sha256.ts'

/**
 * What tells a model from any other: what its files say of their tensors and hold at places throughout, and which
 * files they are, by what no program can set. A copy has another one.
 * @param rawConfig config.json as text, and what else says how its numbers are made of those in the files
 * @param described the spec where a description says it, for it may change while the files stay
 */
export function fingerprintOf(
  { files, tensors }: Checkpoint,
  rawConfig: string,
  described: TransformerSpec | null
): string {
  return sha256([
    ...(described === null ? [] : [JSON.stringify(described)]),
    rawConfig,
    ...files.map(({ label, mark, sample }) => `${label} ${mark} ${sample}`),
    ...[...tensors].map(([name, { dtype, shape, strides, file, offset }]) =>
      JSON.stringify([name, dtype, shape, strides, file.label, offset])
    )
  ])
}
