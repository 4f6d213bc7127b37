import { objectName as nameOfObject } from '#common/text/object-name.ts'
import type { Subject } from '#common/model/subject.ts'
import { useModels } from '../../stores/models.ts'

/** What an object is called, such as `Head 2.1`. */
export function objectName(subject: Subject): string {
  return nameOfObject(subject, ({ path }) => useModels().nameAt(path))
}
