import { countText, exactCount } from '../text/number-text.ts'
import { lastPart } from '../text/last-part.ts'
import { visibleText } from '../text/visible-text.ts'
import { facts, heading, mono, paragraph, type Block } from './report-document.ts'
import type { ReportedModel, ReportedSession } from './reported-session.ts'

/** Models with what tells them from others, and what their reading took for granted. */
export function modelBlocks({ models }: Pick<ReportedSession, 'models'>): Block[] {
  return models.flatMap(modelBlock)
}

/**
 * What the model at a path is called; folders of the machine are not told.
 * @param then what it was called once, for one that is not known any more
 */
export function modelName(
  { models }: Pick<ReportedSession, 'models'>,
  path: string,
  then = lastPart(path)
): string {
  const known = models.find(({ info }) => info.path === path)
  return visibleText(known?.info.name ?? then)
}

function modelBlock({ info, state, formerly }: ReportedModel): Block[] {
  const { name, family, config, parameters, fingerprint, tokenizer, notes, limits, ties } = info
  return [
    heading(2, visibleText(name)),
    facts([
      ['Fingerprint', [mono(fingerprint)]],
      ['Where it lay before', formerly.length === 0 ? null : [mono(formerly.join(', '))]],
      ['Family', family],
      ['Layers × heads', config && `${config.nLayers} × ${config.nHeads}`],
      ['Widths', config && widthsText(config)],
      ['Parameters', `${exactCount(parameters)} (${countText(parameters)})`],
      ['Tokenizer', tokenizer],
      ['Tied', ties.map(visibleText).join('; ')],
      ['Its files', states[state]]
    ]),
    ...[...limits, ...notes].map(note => paragraph(visibleText(note)))
  ]
}

function widthsText(config: NonNullable<ReportedModel['info']['config']>): string {
  const { dModel, dHead, dMlp, dVocab, nCtx, nKeyValueHeads, nHeads } = config
  return [
    `d_model ${exactCount(dModel)}`,
    `d_head ${exactCount(dHead)}`,
    `d_mlp ${exactCount(dMlp)}`,
    ...(nKeyValueHeads === nHeads ? [] : [`key/value heads ${nKeyValueHeads}`]),
    `vocabulary ${exactCount(dVocab)}`,
    `context ${exactCount(nCtx)}`
  ].join(', ')
}

const states = {
  here: 'as they were, as this was made',
  missing: 'not there as this was made: what the session keeps is shown, and nothing else',
  changed: 'others as this was made: what the session keeps is shown, and nothing of those'
} as const
