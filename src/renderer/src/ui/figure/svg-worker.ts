import { figureSvg } from '#common/figure/figure-svg.ts'
import { toLamellaError } from '#common/model/errors.ts'
import type { SvgAnswer, SvgRequest } from './svg-beside.ts'

self.addEventListener('message', ({ data: { job, figure } }: MessageEvent<SvgRequest>) => {
  self.postMessage(answerTo(job, figure))
})

function answerTo(job: number, figure: SvgRequest['figure']): SvgAnswer {
  try {
    return { job, svg: figureSvg(figure) }
  } catch (error) {
    return { job, why: toLamellaError(error).message }
  }
}
