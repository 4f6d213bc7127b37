/** A worker thread: draws figures, or turns one, or a report, into a file. */
import { answerCalls } from '../threads/answer.ts'
import { movable } from '../threads/movable.ts'
import { figureFile } from './figure-file.ts'
import type { FigureCalls } from './figure-files.ts'
import { reportFile } from './report-file.ts'

answerCalls<FigureCalls>(
  {
    file: figureFile,
    report: reportFile,
    // Charts are the largest part of the code: what makes files does without.
    svg: async figure => (await import('#common/figure/figure-svg.ts')).figureSvg(figure),
    spots: async figure =>
      JSON.stringify((await import('#common/figure/html/figure-spots.ts')).figureSpots(figure))
  },
  result => (typeof result === 'string' ? [] : movable(result.bytes))
)
