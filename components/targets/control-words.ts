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

/** A number as a target holds it, with what it counts; a job has a state instead. */
export function controlNow(control: Control, value: number): string {
  if (control === 'run') return value > 0 ? 'runs' : 'suspended'
  return `${formatNumber(value)} ${controlWords[control]}`
}
