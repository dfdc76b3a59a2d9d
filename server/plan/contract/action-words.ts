import type { ActionKind, Control } from './action.ts'

/** What a target's number must stand for, for an action of a kind to be about it. */
export const controlOf: Record<ActionKind, Control> = {
  scale: 'replicas',
  allocate: 'nodes',
  prewarm: 'warm',
  suspend: 'run',
  resume: 'run',
  cancel: 'run',
  'right-size': 'size',
}

/** What a set-point of a control is called: "6 → 10 replicas", "70 → 50 % of full size". */
export const unitOf: Record<Control, string> = {
  replicas: 'replicas',
  nodes: 'nodes',
  warm: 'warm instances',
  run: 'running',
  size: '% of full size',
}
