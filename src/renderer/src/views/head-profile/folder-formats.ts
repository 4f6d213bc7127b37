import type { HeadVisProfile } from '#common/analysis/head-sequences/headvis-profile.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import type { ViewFigure } from '#common/figure/views/figure-view.ts'
import {
  activationsFigure,
  folderDataset,
  folderOrigin,
  sequencesFigure,
  titleOf,
  type FolderHead
} from '#common/figure/views/folder-figures.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'

/** What a HeadVis folder tells of a head, as it is shown. */
interface FolderToSave {
  readonly profile: HeadVisProfile
  readonly at: FolderHead
  readonly mirrored: boolean
}

/** The files that it can be saved as: sequences, how their activations are distributed, and the numbers of both. */
export function folderFormats(
  { profile, at, mirrored }: FolderToSave,
  look: Look,
  version: string
): ExportFormat[] {
  const onPaper = { ...look, ...paperLook }
  const title = titleOf(at)
  const saved = <D extends { readonly title: string | null }>({
    what,
    kind,
    data,
    from,
    dataset
  }: ViewFigure<D, Provenance>) =>
    figureFormats(kind, `${title} · ${what}`, data, onPaper, {
      ...{ note: `the ${what}`, from, dataset }
    })
  const activations = activationsFigure(profile, at, version)
  return [
    ...saved(sequencesFigure(profile, at, mirrored, onPaper, version)),
    ...(activations === null ? [] : saved(activations)),
    ...dataFormats(title, folderDataset(profile, at), folderOrigin(profile, at, {}, version))
  ]
}
