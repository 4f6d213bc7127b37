import { figureSvg, type FigureToDraw } from '#common/figure/figure-svg.ts'
import { figureSpots } from '#common/figure/html/figure-spots.ts'
import { toLamellaError } from '#common/model/errors.ts'
import type { SvgAnswer, SvgRequest } from './svg-beside.ts'

self.addEventListener('message', ({ data }: MessageEvent<SvgRequest>) => {
  self.postMessage(answerTo(data))
})

const texts = {
  svg: figureSvg,
  spots: figure => JSON.stringify(figureSpots(figure))
} satisfies Record<SvgRequest['of'], (figure: FigureToDraw) => string>

function answerTo({ of, figure }: SvgRequest): SvgAnswer {
  try {
    return { text: texts[of](figure) }
  } catch (error) {
    return { why: toLamellaError(error).message }
  }
}
