import type { Control } from '../../server/plan/contract.ts'

/** What a target's one number stands for, in words. */
export const controlWords: Record<Control, string> = {
  replicas: 'replicas',
  nodes: 'nodes of a node pool',
  warm: 'warm instances',
  run: 'whether a job runs',
  size: '% of full size',
}
