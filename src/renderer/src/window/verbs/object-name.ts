import { kindOf, subjectModel, type Subject } from '#common/model/subject.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { inputLine } from '../../stores/carried.ts'
import { useModels } from '../../stores/models.ts'

/** What an object is called, such as `Head 2.1`. */
export function objectName(subject: Subject): string {
  const { layer, head, query, key, neuron, tensor } = subject.at
  switch (kindOf(subject)) {
    case 'tensor':
      return visibleText(tensor!)
    case 'neuron':
      return `Neuron ${layer}.${neuron}`
    case 'cell':
      return `Head ${layer}.${head}, ${query} → ${key}`
    case 'head':
      return `Head ${layer}.${head}`
    case 'block':
      return `Block ${layer}`
    case 'token':
      return `Token ${query}`
    case 'run':
      return 'run' in subject ? inputLine(subject.run.input).slice(0, 40) : ''
    case 'model':
      return useModels().nameAt(subjectModel(subject).path)
  }
}
