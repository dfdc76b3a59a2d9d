import { z } from 'zod'

export const sceneInput = z.object({ scene: z.string().min(1).max(63) })
export type SceneInput = z.input<typeof sceneInput>

/** *starting*: it was asked for, and has not begun; `note` says why, where something failed. */
export const sceneStates = ['not-started', 'starting', 'running', 'ended'] as const
export type SceneStateName = (typeof sceneStates)[number]

/** A scene of the simulated cloud and how its newest run stands. */
export type SceneView = {
  name: string
  title: string
  /** One line. */
  story: string
  /** What will be seen, in order. */
  sees: string[]
  /** Minutes after the start until the first proposal, about. */
  proposalAfterMinutes: number
  state: SceneStateName
  /** Number of the newest run; 0 before the first. */
  run: number
  note: string | null
  startedAt: string | null
  endedAt: string | null
  /** Workloads of the run that goes on. */
  workloads: { id: string; name: string; title: string }[]
  /** Whether anything was proposed for them yet. */
  proposed: boolean
}

/** `available` false: no simulated cloud runs beside this installation, or it does not answer; `why` says which. */
export type SceneListing =
  | { available: true; scenes: SceneView[] }
  | { available: false; why: string; scenes: [] }
