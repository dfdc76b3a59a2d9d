import { type AdapterKind, targetUnit } from '../../server/dispatch/contract.ts'
import type { Control } from '../../server/plan/contract.ts'
import { formatNumber } from '../ui/format.ts'

/** What a target's one number stands for, in words. */
export const controlWords: Record<Control, string> = {
  replicas: 'replicas',
  nodes: 'nodes of a node pool',
  warm: 'warm instances',
  run: 'whether a job runs',
  size: '% of full size',
}

type At = { adapter: AdapterKind; ref: Readonly<Record<string, string>> }

/** What a level of a target means beside its number: "minimum replicas"; of a job whether it runs. */
export function levelNote({ adapter, ref }: At, control: Control, level: number | null): string {
  if (control !== 'run') return targetUnit(adapter, ref, control)
  if (level === null) return controlWords.run
  return level > 0 ? 'runs' : 'suspended'
}

/** A number as a target holds it, with what it counts; a job has a state instead. */
export function controlNow(at: At, control: Control, value: number): string {
  const note = levelNote(at, control, value)
  return control === 'run' ? note : `${formatNumber(value)} ${note}`
}
