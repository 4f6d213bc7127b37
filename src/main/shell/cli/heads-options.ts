import type { Edit } from '#common/model/edit.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import type { SidesOptions } from './second-side.ts'

/** What `heads` is asked for. */
export interface HeadsOptions extends Pick<SidesOptions, 'withWindow' | 'withStride'> {
  /** The folder of a model that it is compared with. */
  readonly with?: string
  readonly window?: number
  readonly stride?: number
  /** Classes of tokens of the user's own, by name. */
  readonly class?: Readonly<Record<string, string>>
  readonly seed: number
  readonly ablation?: boolean
  readonly edit?: readonly Edit[]
  readonly provider: ProviderChoice
  readonly json?: boolean
  readonly out?: string
  /** A folder for texts of every head, as HeadVis reads them. */
  readonly contexts?: string
}
