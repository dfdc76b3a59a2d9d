import { sceneInput } from '../../scenes/contract.ts'
import { listScenes, startScene, stopScene } from '../../scenes/index.ts'
import { procedure, router } from '../trpc.ts'

export const sceneRouter = router({
  list: procedure('scene.run').query(({ ctx }) => listScenes({ ctx }, ctx.sandbox)),
  start: procedure('scene.run')
    .input(sceneInput)
    .mutation(({ ctx, input }) => startScene({ ctx, input }, ctx.sandbox)),
  stop: procedure('scene.run')
    .input(sceneInput)
    .mutation(({ ctx, input }) => stopScene({ ctx, input }, ctx.sandbox)),
})
